using Shortline.Playground.Clients;

namespace Shortline.Unit.Tests.Playground;

public sealed class LoadStepsTests
{
    [Fact]
    public void The_first_load_keeps_the_workers_busy_for_three_quarters_of_their_time()
    {
        var busy = LoadSteps.First(workers: 4) * ComputeTimes.Draw().Average() / 4;

        Assert.InRange(busy, 0.73, 0.77);
    }
}
