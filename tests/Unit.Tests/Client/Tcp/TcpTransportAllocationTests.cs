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

    /// <summary>
    /// Requests that have to be measured. On a busy machine a round trip takes milliseconds, and few answers come on the thread that sent
    /// the request, so the loop ends as soon as there are as many.
    /// </summary>
    private const int Enough = 400;

    private const int MaxRequests = 100_000;

    [Fact]
    public async Task A_request_and_its_answer_allocate_nothing()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var gateway = new Thread(() => Answer(listener)) { IsBackground = true };
        gateway.Start();
        using var transport = new TcpTransport([new GatewayDialer((IPEndPoint)listener.LocalEndPoint!, TimeProvider.System)], TimeProvider.System, new Random(1));
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
        var buffer = new byte[4096];
        for (int count; (count = peer.Receive(buffer, SocketFlags.None, out _)) > 0;)
        {
            RequestParser.Parse(buffer.AsSpan(0, count - 1), out var request);
            peer.Send(Encoding.UTF8.GetBytes($$"""{"id":{{Encoding.UTF8.GetString(request.Id)}},"status":"ok"}""" + "\n"));
        }
    }

    /// <summary>Keeps one request in flight and compares its thread's allocations from one request to the next.</summary>
    private sealed class ClosedLoop : IRequestOwner
    {
        private static readonly byte[] Tail = RequestTail.Make(7, "echo", "[]"u8, idempotent: true);

        private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private RequestChannel _channel = null!;
        private int _count;
        private int _thread;
        private long _allocated;

        public Task Ended => _ended.Task;

        /// <summary>Requests whose answer came on the thread that sent them.</summary>
        public int Measured { get; private set; }

        public int Allocating { get; private set; }

        public void Start(RequestChannel channel)
        {
            _channel = channel;
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
                _ended.SetResult();
        }
    }
}
