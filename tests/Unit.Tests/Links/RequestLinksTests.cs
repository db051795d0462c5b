using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Microsoft.Extensions.Time.Testing;
using Shortline.Gateway.HandOver.Links;
using Shortline.GrainInterfaces.Links;
using Shortline.GrainInterfaces.Requests;
using Shortline.GrainInterfaces.Servers;
using Shortline.Protocol.Responses;
using Shortline.Silo.Links;
using Shortline.Unit.Tests.Grains.Servers;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Links;

/// <summary>A silo's end of links.</summary>
public sealed class RequestLinksTests : IDisposable
{
    private const string Pool = "pool";

    private readonly FakeTimeProvider _time = new();
    private readonly RecordingLog _log = new();
    private readonly RecordingGateway _gateway = new();
    private readonly EchoServers _servers = new();
    private readonly RequestLinks _links;

    public RequestLinksTests() => _links = new RequestLinks(new IPEndPoint(IPAddress.Loopback, 0), _servers, _time, _log, Timeout.InfiniteTimeSpan);

    public void Dispose()
    {
        _servers.Release();
        _links.Dispose();
        _servers.Dispose();
    }

    [Fact]
    public void Requests_for_several_servers_are_answered_in_one_frame()
    {
        using var gateway = Connect();
        gateway.Send(1, ("a", [10, 11]), ("absent", [12]), ("b", [13]));
        var receipts = gateway.Receive(1, "a", "absent", "b");
        Assert.Equal([PartState.Done, PartState.NotTaken, PartState.Done], receipts.Select(receipt => receipt.State));
        Assert.Equal([10L, 11L, 13L], receipts.SelectMany(receipt => receipt.Tickets));
        Assert.Equal([(Pool, "a"), (Pool, "b")], _servers.Called);
        Assert.Equal(1, _links.Count);
    }

    [Fact]
    public void Frames_are_answered_in_order()
    {
        using var gateway = Connect();
        for (var call = 0; call < 100; call++)
            gateway.Send(call, ("a", [call]));
        for (var call = 0; call < 100; call++)
            Assert.Equal([call], gateway.Receive(call, "a").Single().Tickets);
    }

    [Fact]
    public async Task An_offer_is_good_for_one_connection()
    {
        var offer = Offer();
        using var first = new TestGateway(LinkSocket.Connect(offer, TimeProvider.System));
        first.Send(1, ("a", [1]));
        Assert.Single(first.Receive(1, "a"));

        using var second = LinkSocket.Connect(offer, TimeProvider.System);
        AssertRefused(second);
        await Eventually.True(() => _log.Lines.Any(line => line.Contains("without the token of an offer", StringComparison.Ordinal)), "the log says so");
    }

    [Fact]
    public void An_offer_is_good_for_ten_seconds()
    {
        var offer = Offer();
        _time.Advance(LinkOffer.Lifetime + TimeSpan.FromMilliseconds(1));
        using var late = LinkSocket.Connect(offer, TimeProvider.System);
        AssertRefused(late);
        Assert.Equal(0, _links.Count);
    }

    [Fact]
    public void A_connection_that_guesses_gets_nothing()
    {
        using var guess = LinkSocket.Connect(Offer() with { Token = new byte[LinkFormat.TokenLength] }, TimeProvider.System);
        AssertRefused(guess);
        Assert.Empty(_servers.Called);
    }

    [Fact]
    public void More_gateways_than_the_limit_get_no_link_which_is_logged_once()
    {
        using var links = new RequestLinks(new IPEndPoint(IPAddress.Loopback, 0), _servers, _time, _log) { Limit = 0 };

        Assert.Null(links.Offer(Pool, "one", _gateway));
        Assert.Null(links.Offer(Pool, "two", _gateway));

        Assert.Contains("gateway one", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_port_that_cannot_be_opened_is_logged_once()
    {
        using var other = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        other.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        other.Listen();
        using var links = new RequestLinks((IPEndPoint)other.LocalEndPoint!, _servers, _time, _log);

        Assert.Null(links.Offer(Pool, "one", _gateway));
        Assert.Null(links.Offer(Pool, "two", _gateway));

        Assert.Contains("cluster.link_port_range_start", Assert.Single(_log.Lines), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_damaged_frame_ends_the_link()
    {
        using var gateway = Connect();
        gateway.SendBytes([.. Enumerable.Repeat((byte)255, 64)]);
        AssertRefused(gateway.Socket);
        await Eventually.True(() => _links.Count == 0, "the link is gone");
    }

    [Fact]
    public async Task A_server_that_does_not_return_holds_up_no_other()
    {
        using var gateway = Connect();
        gateway.Send(1, ("a", [1]), ("stuck", [2]), ("b", [3]));
        gateway.Send(2, ("b", [4]));
        await _servers.Stuck.WaitAsync(TimeSpan.FromSeconds(10));

        _links.Look();
        _links.Look();

        var receipts = gateway.Receive(1, "a", "stuck", "b");
        Assert.Equal([PartState.Done, PartState.Working, PartState.NotTaken], receipts.Select(receipt => receipt.State));
        Assert.Equal([4L], gateway.Receive(2, "b").Single().Tickets);

        // Its answer comes by itself.
        _servers.Release();
        await Eventually.True(() => _gateway.Answers.Any(answer => answer.Ticket == 2), "the late answer is pushed");
        gateway.Send(3, ("stuck", [5]));
        Assert.Equal([5L], gateway.Receive(3, "stuck").Single().Tickets);
        Assert.Equal([2L], _gateway.Answers.Select(answer => answer.Ticket));
    }

    /// <summary>The thread may be kept before the call has reached the server, which may then be busy or gone.</summary>
    [Fact]
    public async Task Requests_that_a_server_has_not_taken_after_all_are_given_back()
    {
        using var gateway = Connect();
        _servers.IsStuckTaken = false;
        gateway.Send(1, ("stuck", [1, 2]));
        await _servers.Stuck.WaitAsync(TimeSpan.FromSeconds(10));
        _links.Look();
        _links.Look();
        Assert.Equal(PartState.Working, gateway.Receive(1, "stuck").Single().State);

        _servers.Release();
        await Eventually.True(() => !_gateway.Batches.IsEmpty, "they are given back");
        var batch = Assert.Single(_gateway.Batches);
        Assert.Equal(("stuck", 0L), (batch.ServerId, batch.Incarnation));
        Assert.Equal([1L, 2L], batch.Responses.ToArray().Select(response => response.Ticket));
        Assert.All(batch.Responses.ToArray(), response => Assert.Equal((ResponseStatus.Rejected, RejectReason.Draining), (response.Status, response.Reason)));
    }

    [Fact]
    public void Memory_that_a_handler_keeps_is_not_used_again()
    {
        using var gateway = Connect();
        gateway.Send(1, ("keeper", [1]));
        gateway.Receive(1, "keeper");
        for (var call = 2; call < 50; call++)
        {
            gateway.Send(call, ("a", [call]));
            gateway.Receive(call, "a");
        }

        var (requests, bytes) = _servers.Kept;
        Assert.Equal(1, requests.Span[0].Ticket);
        Assert.Equal("bytes of 1", Encoding.UTF8.GetString(bytes.Span));
    }

    [Fact]
    public async Task A_silo_that_stops_ends_its_links()
    {
        using var gateway = Connect();
        gateway.Send(1, ("a", [1]));
        gateway.Receive(1, "a");
        _links.Dispose();
        AssertRefused(gateway.Socket);
        await Eventually.True(() => _links.Count == 0, "no link is left");
        Assert.Null(_links.Offer(Pool, "gateway", _gateway));
    }

    [Fact]
    public void Without_a_free_port_there_are_no_offers()
    {
        using var taken = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        taken.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        taken.Listen();
        using var links = new RequestLinks((IPEndPoint)taken.LocalEndPoint!, _servers, _time, _log, Timeout.InfiniteTimeSpan);
        Assert.Null(links.Offer(Pool, "gateway", _gateway));
        Assert.Contains(_log.Lines, line => line.Contains("cluster.link_port_range_start", StringComparison.Ordinal));
    }

    private static void AssertRefused(LinkSocket socket)
    {
        try
        {
            Assert.Equal(0, socket.Receive(new byte[1]));
        }
        catch (SocketException)
        {
            // The system had bytes that nobody has read.
        }
    }

    private LinkOffer Offer() => _links.Offer(Pool, "gateway", _gateway)!;

    private TestGateway Connect() => new(LinkSocket.Connect(Offer(), TimeProvider.System));

    /// <summary>A gateway's end.</summary>
    private sealed class TestGateway(LinkSocket socket) : IDisposable
    {
        private readonly FrameWriter _writer = new();
        private readonly FrameBuffer _received = new();

        public LinkSocket Socket => socket;

        public void Send(long call, params (string Server, long[] Tickets)[] parts)
        {
            _writer.Begin(call);
            foreach (var (server, tickets) in parts)
            {
                var bytes = Encoding.UTF8.GetBytes($"bytes of {string.Join(' ', tickets)}");
                var requests = Array.ConvertAll(tickets, ticket => new ClientRequest
                {
                    Ticket = ticket,
                    Offset = 0,
                    IdLength = 0,
                    OperationLength = 0,
                    PayloadLength = bytes.Length,
                    TimeLeftMs = 1000,
                });
                _writer.AddRequests(Encoding.UTF8.GetBytes(server), requests, bytes);
            }

            SendBytes(_writer.End().Span);
        }

        public void SendBytes(ReadOnlySpan<byte> bytes)
        {
            while (bytes.Length > 0)
                bytes = bytes[socket.Send(bytes)..];
        }

        public List<(PartState State, long[] Tickets)> Receive(long call, params string[] servers)
        {
            ReadOnlyMemory<byte> frame;
            while (!_received.TryTake(out frame))
            {
                var count = socket.Receive(_received.Free().Span);
                Assert.True(count > 0, "the link has ended");
                _received.Add(count);
            }

            var reader = new FrameReader(frame);
            Assert.Equal((call, servers.Length), (reader.Call, reader.Parts));
            var receipts = new List<(PartState, long[])>();
            foreach (var server in servers)
            {
                var memory = Array.Empty<ClientResponse>();
                var receipt = reader.ReadReceipt(server, ref memory);
                receipts.Add((receipt.State, [.. receipt.Receipt.Done.Responses.ToArray().Select(response => response.Ticket)]));
            }

            return receipts;
        }

        public void Dispose() => socket.Dispose();
    }

    /// <summary>Servers that answer at once, except the first call to <c>stuck</c>.</summary>
    private sealed class EchoServers : ILocalServers, IDisposable
    {
        private readonly ManualResetEventSlim _release = new();
        private readonly TaskCompletionSource _stuck = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public ConcurrentQueue<(string Pool, string Id)> Called { get; } = new();

        public (ReadOnlyMemory<ClientRequest> Requests, ReadOnlyMemory<byte> Bytes) Kept { get; private set; }

        /// <summary>Whether the call that did not return reached its server.</summary>
        public bool IsStuckTaken { get; set; } = true;

        /// <summary>Completes when a call does not return.</summary>
        public Task Stuck => _stuck.Task;

        public void Release() => _release.Set();

        public void Dispose() => _release.Dispose();

        public bool TrySubmit(string pool, string id, in RequestBatch batch, IGatewayObserver replyTo, ReceiptMemory memory, out BatchReceipt receipt)
        {
            receipt = default;
            if (id == "absent")
                return false;

            Called.Enqueue((pool, id));
            if (id == "stuck" && _stuck.TrySetResult())
            {
                _release.Wait();
                if (!IsStuckTaken)
                    return false;
            }

            if (id == "keeper")
                Kept = (batch.Requests, batch.Bytes);
            var answers = batch.Requests.ToArray().Select(request => new ClientResponse { Ticket = request.Ticket, Status = ResponseStatus.Ok }).ToArray();
            var (responses, bytes) = memory.Copy(answers, []);
            receipt = new BatchReceipt
            {
                KeepsBatch = id == "keeper",
                Done = new ResponseBatch
                {
                    ServerId = id,
                    Incarnation = 1,
                    Sequence = 1,
                    QueueLength = 0,
                    InService = 0,
                    OfThisGateway = 0,
                    Responses = responses,
                    Bytes = bytes,
                },
            };
            return true;
        }
    }
}
