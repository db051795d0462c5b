using System.Net;
using System.Net.Sockets;
using System.Text;
using Shortline.Client.Requests;
using Shortline.Client.Tcp;
using Shortline.Protocol.Requests;
using Shortline.Protocol.Responses;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Client.Tcp;

public sealed class TcpTransportAllocationTests
{
    private const int WarmUp = 500;

    /// <summary>Requests that have to be measured.</summary>
    private const int Enough = 400;

    /// <summary>Requests in flight: on a busy machine a round trip takes many milliseconds.</summary>
    private const int AtOnce = 32;

    private const int MaxRequests = 100_000;

    [Fact]
    public async Task A_request_and_its_answer_allocate_nothing()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var gateway = new Thread(() => Answer(listener)) { IsBackground = true };
        gateway.Start();
        using var transport = new TcpTransport(
            [new GatewayDialer((IPEndPoint)listener.LocalEndPoint!, new Dialing(null, TimeProvider.System))], () => null, TimeProvider.System, new Random(1));
        var owner = new ClosedLoop();
        var channel = new RequestChannel(transport, new ChannelSettings { ClientId = 7, FirstId = 1_000_000 }, TimeProvider.System, new Random(1), owner);
        transport.ReadFor(channel);
        owner.Start(channel);

        await Eventually.Completes(owner.Ended, "the last request is answered");

        // Pool threads sometimes run code of other tests between two requests, so a few requests may appear to allocate.
        Assert.True(owner.Measured >= Enough, $"Only {owner.Measured} requests were measured.");
        Assert.True(owner.Allocating < owner.Measured / 10, $"{owner.Allocating} of {owner.Measured} requests allocated.");
    }

    private static void Answer(Socket listener)
    {
        using var peer = listener.Accept();
        var buffer = new byte[64 * 1024];
        var end = 0;
        while (peer.Receive(buffer.AsSpan(end), SocketFlags.None, out _) is var count and > 0)
        {
            end += count;
            var rest = buffer.AsSpan(0, end);
            while (rest.IndexOf((byte)'\n') is var length and >= 0)
            {
                RequestParser.Parse(rest[..length], out var request);
                peer.Send(Encoding.UTF8.GetBytes($$"""{"id":{{Encoding.UTF8.GetString(request.Id)}},"status":"ok"}""" + "\n"), SocketFlags.None, out _);
                rest = rest[(length + 1)..];
            }

            end = rest.Length;
            rest.CopyTo(buffer);
        }
    }

    /// <summary>
    /// Keeps some requests in flight and compares the allocations of the thread that receives from one answer to the next. Each answer leads
    /// to a request.
    /// </summary>
    private sealed class ClosedLoop : IRequestOwner
    {
        private static readonly byte[] Tail = RequestTail.Make(7, "echo", "[]"u8, idempotent: true);

        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private RequestChannel _channel = null!;
        private int _count;
        private int _thread;
        private long _allocated;

        public Task Ended => _ended.Task;

        /// <summary>Requests whose answer came on the thread of the answer before.</summary>
        public int Measured { get; private set; }

        public int Allocating { get; private set; }

        public void Start(RequestChannel channel)
        {
            _channel = channel;
            for (var i = 0; i < AtOnce; i++)
                channel.TryStart(Tail, 0, 60_000, null);
        }

        public void OnEnded(in EndedRequest request, in ResponseView response)
        {
            var allocated = GC.GetAllocatedBytesForCurrentThread();
            if (_thread == Environment.CurrentManagedThreadId && _count > WarmUp)
            {
                Measured++;
                Allocating += allocated > _allocated ? 1 : 0;
            }

            (_thread, _allocated) = (Environment.CurrentManagedThreadId, GC.GetAllocatedBytesForCurrentThread());
            if (++_count < MaxRequests && Measured < Enough)
                _channel.TryStart(Tail, 0, 60_000, null);
            else
                _ended.TrySetResult();
        }
    }
}
