using Microsoft.Extensions.Time.Testing;
using Shortline.Gateway;
using Shortline.Unit.Tests.Grains.Servers;

namespace Shortline.Unit.Tests.Gateway;

public sealed class SteadyLoopTests : IDisposable
{
    private readonly RecordingLog _log = new();

    public void Dispose() => _log.Dispose();

    [Fact]
    public void A_step_that_throws_is_logged_and_the_loop_goes_on()
    {
        using var closing = new ManualResetEvent(initialState: false);
        var steps = 0;
        Loop(closing).Run(() => ++steps switch
        {
            2 or 3 => throw new InvalidOperationException("a fault"),
            _ => steps < 5,
        });

        Assert.Equal(5, steps);
        Assert.Contains("failed to do this and goes on", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_loop_whose_steps_all_throw_ends_when_the_gateway_closes()
    {
        using var closing = new ManualResetEvent(initialState: false);
        var steps = 0;
        Loop(closing).Run(() =>
        {
            if (++steps == 3)
                closing.Set();
            throw new InvalidOperationException("a fault");
        });

        Assert.Equal(3, steps);
    }

    private SteadyLoop Loop(WaitHandle closing) => new("do this", closing, new FakeTimeProvider(), _log.CreateLogger(""));
}
