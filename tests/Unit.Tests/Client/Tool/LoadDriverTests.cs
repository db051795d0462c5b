using Shortline.Client.Tool.Load;
using Shortline.Protocol.Responses;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Client.Tool;

public sealed class LoadDriverTests
{
    [Theory]
    [InlineData(1, 1, 200)]
    [InlineData(4, 8, 1000)]
    [InlineData(8, 1, 3)]
    public async Task Sends_exactly_the_given_number_of_requests(int clients, int outstanding, int requests)
    {
        using var gateway = FakeGateway.Echo();
        var end = await Run(Settings(gateway) with { Clients = clients, Outstanding = outstanding, Requests = requests });
        Assert.True(end.AllOk, end.ToString());
        Assert.Equal(requests, end.Of(ResponseStatus.Ok));
        Assert.Equal(requests, end.Latency.Count);
        Assert.Equal(0, end.InFlight);
    }

    [Fact]
    public async Task An_open_loop_keeps_its_rate_and_sends_every_request_that_was_due()
    {
        using var gateway = FakeGateway.Echo();
        var end = await Run(Settings(gateway) with { Rate = 500, Duration = TimeSpan.FromMilliseconds(400) });
        Assert.InRange(end.Started, 199, 202);
        Assert.True(end.AllOk, end.ToString());
    }

    [Fact]
    public async Task Clients_that_pause_send_without_an_end_and_whatever_becomes_of_their_requests()
    {
        using var gateway = new FakeGateway((_, _) => []);
        using var stop = new CancellationTokenSource();
        using var driver = new LoadDriver(
            Settings(gateway) with { Clients = 2, TimeoutMs = 60_000, Retries = 0, Pause = new(TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(30)) });
        var run = driver.RunAsync(stop.Token);
        await Eventually.True(() => driver.Snapshot().InFlight >= 20, () => $"20 requests are sent without an answer, {driver.Snapshot().InFlight} are");
        await stop.CancelAsync();
        await Eventually.Completes(run, "the cancelled run ends");
    }

    [Fact]
    public void A_pause_is_within_its_range()
    {
        var (range, random) = (new PauseRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(10)), new Random(1));
        var pauses = Enumerable.Range(0, 1000).Select(_ => range.Draw(random).TotalSeconds).ToList();
        Assert.All(pauses, pause => Assert.InRange(pause, 1, 10));
        Assert.True(pauses.Min() < 1.5 && pauses.Max() > 9.5, "pauses are spread over the whole range");
    }

    [Fact]
    public async Task An_open_loop_continues_without_answers()
    {
        using var gateway = new FakeGateway((_, _) => []);
        var end = await Run(Settings(gateway) with { Rate = 500, Requests = 100, TimeoutMs = 100, Retries = 0 });
        Assert.Equal(100, end.NoAnswer);
        Assert.Equal(0, end.Answered);
        Assert.False(end.AllOk);
    }

    [Fact]
    public async Task Answers_are_counted_by_status_and_server()
    {
        using var gateway = new FakeGateway((id, _) => [(id[^1] - '0') switch
        {
            < 5 => FakeGateway.Ok(id, "2"),
            < 8 => FakeGateway.Ok(id, "10"),
            _ => $$"""{"id":{{id}},"status":"error","server_id":"2","error":"no"}""",
        }]);
        var end = await Run(Settings(gateway) with { Clients = 1, Requests = 100 });
        Assert.Equal(80, end.Of(ResponseStatus.Ok));
        Assert.Equal(20, end.Of(ResponseStatus.Error));
        Assert.Equal("2 10", string.Join(' ', end.Servers.Keys));
        Assert.Equal(70, end.Servers["2"]);
        Assert.Equal("error: no", end.FirstError);
        Assert.Equal(80, end.Latency.Count);
    }

    [Fact]
    public async Task The_load_can_be_changed_during_a_run()
    {
        using var gateway = new FakeGateway((_, _) => []);
        using var driver = new LoadDriver(Settings(gateway) with { Clients = 2, TimeoutMs = 60_000 });
        using var stop = new CancellationTokenSource();
        var run = driver.RunAsync(stop.Token);
        await Eventually.True(() => driver.Snapshot().InFlight == 2, "each client has one request in flight");
        driver.Outstanding = 5;
        await Eventually.True(() => driver.Snapshot().InFlight == 10, "each client has five requests in flight");
        driver.Rate = 1000;
        await Eventually.True(() => driver.Snapshot().InFlight > 50, "requests start on schedule without answers");
        await stop.CancelAsync();
        var end = await Eventually.Completes(run, "the cancelled run ends");
        Assert.Equal(end.Started, end.NoAnswer);
    }

    [Fact]
    public async Task Clients_are_distributed_evenly_over_the_gateways()
    {
        using var first = new FakeGateway((id, _) => [FakeGateway.Ok(id, "first")]);
        using var second = new FakeGateway((id, _) => [FakeGateway.Ok(id, "second")]);
        var end = await Run(Settings(first) with { Gateways = [first.EndPoint, second.EndPoint], Clients = 2, Rate = 1000, Requests = 100 });
        Assert.Equal(50, end.Servers["first"]);
        Assert.Equal(50, end.Servers["second"]);
    }

    [Fact]
    public async Task No_request_is_lost_when_a_gateway_goes_away()
    {
        // It closes itself, because the run may be over before the thread of a test gets processor time.
        var (left, close) = (20, (Action?)null);
        using var first = new FakeGateway((id, _) =>
        {
            if (--left == 0)
                close!();
            return [FakeGateway.Ok(id, "first")];
        });
        close = first.Close;
        using var second = new FakeGateway((id, _) => [FakeGateway.Ok(id, "second")]);
        var end = await Run(Settings(first) with { Gateways = [first.EndPoint, second.EndPoint], Clients = 2, Rate = 500, Requests = 400 });
        Assert.True(end.AllOk, end.ToString());
        Assert.Equal(0, end.AnsweredTwice);
        Assert.True(end.Refused > 0);
    }

    [Fact]
    public async Task An_open_loop_counts_throttled_requests_apart()
    {
        using var gateway = Refusing();
        using var driver = new LoadDriver(Settings(gateway) with { Clients = 1, Rate = 1000, Retries = 0, TimeoutMs = 60_000 });
        using var stop = new CancellationTokenSource();
        var run = driver.RunAsync(stop.Token);
        await Eventually.True(() => driver.Snapshot().Throttled > 0, "requests are throttled");
        await stop.CancelAsync();
        var end = await Eventually.Completes(run, "the cancelled run ends");
        Assert.Equal(end.Started, end.Of(ResponseStatus.Rejected) + end.Throttled + end.NoAnswer);
        Assert.Equal(end.Started, end.Ended);
        Assert.False(end.AllOk);
    }

    [Fact]
    public async Task All_requests_are_sent_if_throttling_is_off()
    {
        using var gateway = Refusing();
        var settings = Settings(gateway) with { Clients = 1, Retries = 0, TimeoutMs = 60_000, Throttle = false };
        var end = await Run(settings with { Rate = 1000, Requests = 400 });
        Assert.Equal(400, end.Of(ResponseStatus.Rejected));
        Assert.Equal(0, end.Throttled);
    }

    [Fact]
    public async Task A_closed_loop_does_not_spin_while_requests_are_throttled()
    {
        using var gateway = Refusing();
        var settings = Settings(gateway) with { Clients = 1, Retries = 0, TimeoutMs = 60_000 };
        var end = await Run(settings with { Outstanding = 4, Duration = TimeSpan.FromMilliseconds(300) });
        Assert.InRange(end.Started, 1, 1000);
        Assert.Equal(end.Started, end.Of(ResponseStatus.Rejected) + end.Throttled);
    }

    private static FakeGateway Refusing() => new((id, _) => [$$"""{"id":{{id}},"status":"rejected","reason":"overloaded"}"""]);

    private static LoadSettings Settings(FakeGateway gateway) => new() { Gateways = [gateway.EndPoint], Clients = 3 };

    private static async Task<LoadProgress> Run(LoadSettings settings)
    {
        using var driver = new LoadDriver(settings);
        return await Eventually.Completes(driver.RunAsync(CancellationToken.None), "the run ends");
    }
}
