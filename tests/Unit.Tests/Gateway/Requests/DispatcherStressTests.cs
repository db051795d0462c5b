using Shortline.GrainInterfaces.Requests;
using Shortline.Hosting.Settings.Sections;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Gateway.Requests;

/// <summary>Several threads send requests to servers that answer at once or later, reject, fail, hang, leave and return.</summary>
public class DispatcherStressTests
{
    private const int Senders = 3;
    private const int PerSender = 3000;

    [Theory]
    [InlineData(1, false, 1)]
    [InlineData(2, false, 4)]
    [InlineData(3, false, 2)]
    [InlineData(1, true, 1)]
    [InlineData(2, true, 4)]
    [InlineData(3, true, 2)]
    [InlineData(4, false, 1, true)]
    [InlineData(5, false, 4, true)]
    public async Task Every_request_is_answered_exactly_once_whatever_the_servers_do(int seed, bool isInSilo, int shards, bool hasIntake = false)
    {
        var settings = new LoadBalancerSettings { Attempts = 10, BatchLimit = 16 };
        var gateway = hasIntake
            ? new DispatcherFixture("a", servers: 5, settings, shards)
            : new DispatcherFixture(servers: 5, settings, isInSilo: isInSilo, shards: shards);
        foreach (var server in gateway.Servers)
        {
            server.OnSubmit = batch => Misbehave(gateway, server, batch, seed, mayWait: !isInSilo);
        }

        using var stop = new CancellationTokenSource();
        var disturber = Task.Run(() => Disturb(gateway, stop.Token));
        await Task.WhenAll(Enumerable.Range(0, Senders).Select(sender => Task.Run(() => SendAll(gateway, sender))));
        await Eventually.True(() => gateway.Dispatcher.InFlight == 0, () => $"all requests are answered: {gateway.Transport.Count} are, {gateway.Dispatcher.InFlight} are in flight, {gateway.Dispatcher.Waiting} of them wait for a server");
        await Eventually.True(() => Volatile.Read(ref gateway.Transport.Count) >= Senders * PerSender, "all answers are sent");
        await stop.CancelAsync();
        await disturber;

        var answers = gateway.Transport.Sent.GroupBy(sent => sent.Id).ToDictionary(group => group.Key!, group => group.Count());
        Assert.Equal(Senders * PerSender, answers.Count);
        Assert.All(answers, answer => Assert.Equal(1, answer.Value));
        Assert.All(gateway.Transport.Sent, sent => Assert.True(sent.Status == "ok" || sent.Status == "rejected" || sent.Status == "lost" || sent.Status == "expired", sent.Text));
        var outcomes = string.Join(", ", gateway.Transport.Sent.CountBy(sent => $"{sent.Status}").Select(pair => $"{pair.Value} {pair.Key}"));
        Assert.True(gateway.Transport.Sent.Count(sent => sent.Status == "ok") > Senders * PerSender / 2, outcomes);
        Assert.All(gateway.Transport.Sent.Where(sent => sent.Status == "ok"), sent => Assert.Equal(sent.Id, sent.Json.GetProperty("result").GetProperty("of").GetString()));
    }

    private static void SendAll(DispatcherFixture gateway, int sender)
    {
        for (var i = 0; i < PerSender; i += 10)
        {
            var datagrams = new DatagramList();
            for (var j = i; j < i + 10; j++)
            {
                datagrams.Add(DispatcherFixture.EchoText($"{sender}-{j}", timeoutMs: 60_000, idempotent: j % 7 != 0), 41_000 + sender);
            }

            gateway.Send(datagrams);
        }
    }

    /// <summary>Answers, rejects, fails or answers later, by the number of requests so far.</summary>
    /// <param name="gateway">The gateway.</param>
    /// <param name="server">The server.</param>
    /// <param name="batch">The requests.</param>
    /// <param name="seed">Changes the order.</param>
    /// <param name="mayWait">Whether a call may return later: a call to a server of the own process never does.</param>
    private static async ValueTask<BatchReceipt> Misbehave(DispatcherFixture gateway, FakeServer server, RequestBatch batch, int seed, bool mayWait)
    {
        var received = Copy(server, batch);
        switch ((server.Received.Count + seed) % 11)
        {
            case 0:
                if (mayWait)
                    await Task.Yield();
                throw new TimeoutException("no answer from the silo");
            case 1 or 2:
                return server.RejectAll(batch);
            case 3 or 4 or 5:
                _ = Task.Run(() => gateway.Dispatcher.OnResponses(server.Answers(received)));
                return server.AcceptAll();
            case 6:
                if (mayWait)
                    await Task.Yield();
                gateway.Dispatcher.OnResponses(server.Answers(received));
                gateway.Dispatcher.OnResponses(server.Answers(received));
                return server.AcceptAll();
            default:
                return server.AnswerAll(batch);
        }
    }

    /// <summary>
    /// Advances the time, and lets servers leave and return, some with a new incarnation. The time must not run away from a machine that is
    /// busy, or every call would count as hung before it has a thread: so it passes with the answers, and slowly without.
    /// </summary>
    private static void Disturb(DispatcherFixture gateway, CancellationToken stop)
    {
        var longest = TimeSpan.FromMilliseconds(20);
        for (var round = 0; !stop.IsCancellationRequested; round++)
        {
            var answered = Volatile.Read(ref gateway.Transport.Count);
            SpinWait.SpinUntil(() => Volatile.Read(ref gateway.Transport.Count) != answered || stop.IsCancellationRequested, longest);
            gateway.Advance(5);
            if (round % 20 == 0)
            {
                gateway[round / 20 % 5].Incarnation++;
            }

            gateway.Rank(without: round / 20 % 5);
            gateway.Rank();
        }
    }

    private static ReceivedRequest[] Copy(FakeServer server, RequestBatch batch)
    {
        lock (server.Received)
        {
            return [.. server.Received.TakeLast(batch.Requests.Length)];
        }
    }
}
