using System.Collections.Concurrent;
using Microsoft.Extensions.Time.Testing;
using Shortline.Client.Requests;
using Shortline.Client.Tcp;
using Shortline.Protocol.Responses;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Client.Tcp;

/// <summary>Connections with a lifetime, after which the client opens another one.</summary>
public sealed class ReplacedConnectionTests
{
    private const int Lives = 20;

    [Fact]
    public async Task A_request_that_must_not_run_twice_is_answered_when_its_connection_is_replaced()
    {
        var time = new FakeTimeProvider();
        using var gateway = FakeLineGateway.Echo();
        using var transport = new TcpTransport([new MortalDialer(new GatewayDialer(gateway.EndPoint, new Dialing(null, time)))], () => null, time, new Random(1));
        var owner = new Owner();
        var channel = new RequestChannel(transport, new ChannelSettings { ClientId = 7, FirstId = 1 }, time, new Random(1), owner);
        transport.ReadFor(channel);
        var tail = RequestTail.Make(7, "echo", "[]"u8, idempotent: false);

        for (var i = 1; i <= 2 * Lives; i++)
        {
            channel.TryStart(tail, 0, 60_000, null, once: true);
            await Eventually.True(
                () =>
                {
                    channel.Sweep();
                    return owner.Ended.Count == i;
                },
                "the request has ended");
            if (i % 2 == 0)
                time.Advance(2 * MortalDialer.Life);
        }

        Assert.All(owner.Ended, status => Assert.Equal(ResponseStatus.Ok, status));
        Assert.InRange(gateway.Connections, Lives, 2 * Lives);
    }

    private sealed class MortalDialer(IDialer inner) : IDialer
    {
        public static TimeSpan Life { get; } = TimeSpan.FromSeconds(1);

        public TimeSpan Lifetime => Life;

        public Task<DialedConnection?> Dial(CancellationToken cancellation) => inner.Dial(cancellation);

        public void Avoid() => inner.Avoid();

        public void Served(bool isServed) => inner.Served(isServed);
    }

    private sealed class Owner : IRequestOwner
    {
        public ConcurrentBag<ResponseStatus> Ended { get; } = [];

        public void OnEnded(in EndedRequest request, in ResponseView response) => Ended.Add(request.Answered ? response.Status : ResponseStatus.Expired);
    }
}
