using System.Collections.Concurrent;
using Shortline.Client.Requests;
using Shortline.Client.Tcp;
using Shortline.Protocol.Responses;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Client.Tcp;

public sealed class LeftConnectionTests
{
    private const int Rounds = 50;

    [Fact]
    public async Task A_request_that_is_sent_while_its_connection_is_left_is_answered()
    {
        using var gateway = FakeLineGateway.Echo();
        using var transport = new TcpTransport(
            [new GatewayDialer(gateway.EndPoint, new Dialing(null, TimeProvider.System))], () => null, TimeProvider.System, new Random(1));
        var owner = new Owner();
        var channel = new RequestChannel(transport, new ChannelSettings { ClientId = 7, FirstId = 1 }, TimeProvider.System, new Random(1), owner);
        transport.ReadFor(channel);
        var tail = RequestTail.Make(7, "echo", "[]"u8, idempotent: false);

        for (var i = 1; i <= Rounds; i++)
        {
            Parallel.Invoke(
                () => channel.TryStart(tail, 0, 60_000, null, once: true),
                () => transport.Leave(0, transport.Connection(0)));
            await Eventually.True(
                () =>
                {
                    channel.Sweep();
                    return owner.Ended.Count == i;
                },
                "the request has ended");
        }

        Assert.All(owner.Ended, status => Assert.Equal(ResponseStatus.Ok, status));
    }

    private sealed class Owner : IRequestOwner
    {
        public ConcurrentBag<ResponseStatus> Ended { get; } = [];

        public void OnEnded(in EndedRequest request, in ResponseView response) => Ended.Add(request.Answered ? response.Status : ResponseStatus.Expired);
    }
}
