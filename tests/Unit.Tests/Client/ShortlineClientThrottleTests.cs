using Shortline.Client;
using Shortline.Client.Files;
using Shortline.Protocol.Responses;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Client;

public sealed class ShortlineClientThrottleTests
{
    [Fact]
    public async Task A_throttled_request_ends_at_once_and_says_that_it_was_not_sent()
    {
        using var gateway = Refusing();
        using var client = Make(gateway);
        var replies = await Send(client, 200);

        var throttled = replies.Where(reply => reply.IsThrottled).ToArray();
        Assert.NotEmpty(throttled);
        Assert.All(throttled, reply =>
        {
            Assert.Null(reply.Status);
            Assert.Equal(0, reply.TimesSent);
            Assert.StartsWith("throttled: not sent", reply.Error, StringComparison.Ordinal);
        });
        Assert.Equal(throttled.Length, client.Statistics.Throttled);
        Assert.Equal(200 - throttled.Length, client.Statistics.Requests);
        Assert.Equal(200 - throttled.Length, client.Statistics.Overloads);
        Assert.InRange(client.Statistics.ThrottleProbability, 0.5, 0.9);
    }

    [Fact]
    public async Task A_rejection_says_when_to_try_again()
    {
        using var gateway = Refusing();
        using var client = Make(gateway);
        var reply = Assert.Single(await Send(client, 1));

        Assert.Equal(ResponseStatus.Rejected, reply.Status);
        Assert.False(reply.IsThrottled);
        Assert.Equal(70, reply.RetryAfterMs);
    }

    [Fact]
    public async Task Nothing_is_throttled_if_it_is_off()
    {
        using var gateway = Refusing();
        using var client = Make(gateway, throttle: false);

        Assert.All(await Send(client, 200), reply => Assert.Equal(ResponseStatus.Rejected, reply.Status));
        Assert.Equal(0, client.Statistics.Throttled);
    }

    [Fact]
    public async Task File_requests_are_sent_while_others_are_throttled()
    {
        using var gateway = Refusing();
        using var client = Make(gateway);
        await Send(client, 100);
        var files = new RemoteFiles(client);

        for (var i = 0; i < 20; i++)
        {
            var fault = await Assert.ThrowsAsync<FileTransferException>(async () =>
            {
                await foreach (var _ in files.ListAsync())
                {
                }
            });
            Assert.Equal("rejected: overloaded", fault.Message);
        }
    }

    [Fact]
    public void Options_out_of_range_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShortlineClient(new ShortlineClientOptions { ThrottleMultiplier = 0.5 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShortlineClient(new ShortlineClientOptions { ThrottleWindowMs = 0 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShortlineClient(new ShortlineClientOptions { RetryBudgetPercent = 101 }));
        Assert.Throws<ArgumentOutOfRangeException>(() => new ShortlineClient(new ShortlineClientOptions { RetryBudgetPerSecond = -1 }));
    }

    private static FakeGateway Refusing() => new((id, _) =>
        [$$"""{"id":{{id}},"status":"rejected","reason":"overloaded","retry_after_ms":70}"""]);

    private static ShortlineClient Make(FakeGateway gateway, bool throttle = true) =>
        new(new ShortlineClientOptions { Gateways = [gateway.EndPoint], Retries = 0, TimeoutMs = 60_000, Throttle = throttle });

    private static async Task<List<Reply>> Send(ShortlineClient client, int count)
    {
        List<Reply> replies = [];
        for (var i = 0; i < count; i++)
            replies.Add(await Eventually.Completes(client.SendAsync("echo").AsTask(), "the request is answered"));
        return replies;
    }
}
