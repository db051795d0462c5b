using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Logging.Abstractions;
using Shortline.GrainInterfaces.Links;
using Shortline.GrainInterfaces.Requests;
using Shortline.Silo.Links;
using Shortline.Unit.Tests.Gateway.HandOver;
using Shortline.Unit.Tests.Gateway.Requests;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Links;

/// <summary>A gateway whose requests go over a link, with a silo's real end of it.</summary>
public sealed class SiloLinkTests : IDisposable
{
    private const int Servers = 4;

    private readonly FakeLocalServers _servers;
    private readonly RequestLinks _links;
    private readonly DispatcherFixture _gateway;
    private volatile bool _isOffering = true;

    public SiloLinkTests()
    {
        _servers = new FakeLocalServers(id => _gateway![int.Parse(id)]);
        _links = Listen();
        _gateway = new DispatcherFixture(silo: "a", servers: Servers, onOffer: replyTo =>
            _isOffering ? _links.Offer("default", "test", replyTo) : null);
    }

    public void Dispose()
    {
        _gateway.Dispatcher.Dispose();
        _links.Dispose();
    }

    [Fact]
    public async Task Requests_go_over_the_link()
    {
        await Linked();
        var calls = _servers.Calls;
        await Send("r", 20);
        Assert.Equal(calls + Servers, _servers.Calls);
        await Send("lone", 1);
        Assert.Equal(calls + Servers + 1, _servers.Calls);
        Assert.Empty(_gateway.Intake!.Calls);
        Assert.Equal(1, _links.Count);
    }

    [Fact]
    public async Task A_silo_that_offers_no_link_is_asked_again()
    {
        using var links = Listen();
        var asked = 0;
        var gateway = new DispatcherFixture(silo: "a", servers: 1, onOffer: replyTo => Interlocked.Increment(ref asked) > 1 ? links.Offer("default", "test", replyTo) : null);
        await Eventually.True(() => Volatile.Read(ref asked) == 1, "the silo is asked");

        await Eventually.True(
            () =>
            {
                gateway.Advance(1000);
                return links.Count == 1;
            },
            () => $"there is a link; the silo was asked {asked} times");
        gateway.Dispatcher.Dispose();
    }

    [Fact]
    public async Task Many_requests_are_all_answered_once()
    {
        await Linked();
        var before = Interlocked.Read(ref _gateway.Transport.Count);
        for (var round = 0; round < 200; round++)
            Post($"r{round}-", 50);
        await Eventually.True(
            () => Interlocked.Read(ref _gateway.Transport.Count) >= before + (200 * 50), () => $"all are answered, {_gateway.Dispatcher.InFlight} are in flight");

        // One look at all answers, because a look for each would take minutes.
        SentDatagram[] sent;
        lock (_gateway.Transport.Sent)
            sent = [.. _gateway.Transport.Sent];
        var answers = sent.Where(sent => sent.Id!.StartsWith('r')).GroupBy(sent => sent.Id).ToArray();
        Assert.Equal(200 * 50, answers.Length);
        Assert.All(answers, answer => Assert.Equal("ok", Assert.Single(answer).Json.GetProperty("status").GetString()));
        Assert.Equal(1, _links.Count);
    }

    [Fact]
    public async Task A_busy_server_gets_a_grain_call()
    {
        await Linked();
        _servers.Busy["2"] = true;
        var before = _gateway[2].Received.Count;
        await Send("r", 20);
        Assert.Equal(5, _gateway[2].Received.Count - before);
    }

    [Fact]
    public async Task Later_responses_are_pushed()
    {
        await Linked();
        var server = _gateway[0];
        server.OnSubmit = _ => new(server.AcceptAll());
        var before = server.Received.Count;
        Post("r", 4);
        await Eventually.True(() => _gateway.Dispatcher.InFlight == 1, () => $"one waits, {_gateway.Dispatcher.InFlight} are in flight");
        await _servers.ReplyTo!.OnResponses(server.Answers([.. server.Received.Skip(before)]));
        await Answered("r", 4);
    }

    /// <summary>A silo gives requests back whose server has ended, and may be another one by then.</summary>
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Requests_that_are_given_back_go_elsewhere_even_if_they_must_not_run_twice(bool hasMoved)
    {
        await Linked();
        var server = _gateway[0];
        server.OnSubmit = _ => new(server.AcceptAll());
        var before = server.Received.Count;
        Post("once", 4, idempotent: false);
        await Eventually.True(() => _gateway.Dispatcher.InFlight == 1, () => $"one waits, {_gateway.Dispatcher.InFlight} are in flight");
        if (hasMoved)
        {
            _gateway.MoveServer(0, "b");
            _gateway.Rank();
        }

        var given = server.Rejections(RejectReason.Draining, [.. server.Received.Skip(before)]) with { Incarnation = 0, Sequence = 0 };
        await _servers.ReplyTo!.OnResponses(given);
        await Answered("once", 4);
    }

    [Fact]
    public async Task Large_requests_arrive_whole()
    {
        await Linked();
        var payload = new string('x', 60_000);
        for (var i = 0; i < 100; i++)
            _gateway.Send($$"""{"id":"large{{i}}","client_id":1000,"operation":"echo","payload":"{{payload}}","timeout_ms":9000}""");
        await Eventually.True(() => _gateway.Dispatcher.InFlight == 0, () => $"all are answered, {_gateway.Dispatcher.InFlight} are in flight");
        var received = Enumerable.Range(0, Servers).SelectMany(server => _gateway[server].Received).Where(request => request.Id.Contains("large", StringComparison.Ordinal)).ToArray();
        Assert.Equal(100, received.Select(request => request.Id).Distinct().Count());
        Assert.All(received, request => Assert.Equal(payload.Length + 2, request.Payload.Length));
    }

    [Fact]
    public async Task Requests_of_a_link_that_ends_go_elsewhere_and_a_new_link_is_opened()
    {
        using var held = new ManualResetEventSlim();
        await Linked();

        // The other silo has none, because all links are closed.
        _isOffering = false;
        var other = _gateway.AddServer("b");
        _gateway.Rank();
        for (var i = 0; i < Servers; i++)
        {
            var server = _gateway[i];
            server.OnSubmit = batch =>
            {
                held.Wait();
                return new(server.AnswerAll(batch));
            };
        }

        Post("r", 20);
        _links.CloseAll();
        await Answered("r", 20);
        held.Set();
        Assert.NotEmpty(other.Received);

        // Those of the silo are there again after a probe, and the next link after a pause.
        _isOffering = true;
        await Eventually.True(
            () =>
            {
                _gateway.Advance(600);
                return _links.Count == 1;
            },
            () => $"there is a link again; there are {_links.Count} links");
        await Send("s", 20);
    }

    [Fact]
    public async Task A_request_that_must_not_run_twice_is_lost_with_its_link()
    {
        using var held = new ManualResetEventSlim();
        await Linked();
        for (var i = 0; i < Servers; i++)
        {
            _gateway[i].OnSubmit = batch =>
            {
                held.Wait();
                return default;
            };
        }

        Post("once", 4, idempotent: false);
        _links.CloseAll();
        await Answered("once", 4, "lost");
        held.Set();
    }

    /// <summary>A silo that does not read must not stop the thread that receives requests.</summary>
    [Fact]
    public async Task A_silo_that_does_not_read_stops_nobody()
    {
        var payload = new string('x', 60_000);
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        var gateway = new DispatcherFixture(silo: "a", servers: 1, onOffer: _ => new LinkOffer
        {
            Address = "127.0.0.1",
            Port = ((IPEndPoint)listener.LocalEndPoint!).Port,
            Token = new byte[LinkFormat.TokenLength],
        });
        using var deaf = await listener.AcceptAsync().WaitAsync(TimeSpan.FromSeconds(10));
        await Eventually.True(() => !ReachesItsGrain(), "requests go over the link");
        await Eventually.True(ReachesItsGrain, "requests take grain calls, because the link takes no more");
        deaf.Dispose();
        gateway.Dispatcher.Dispose();

        // A new server has the shortest queue, so it gets the requests.
        bool ReachesItsGrain()
        {
            var server = gateway.AddServer("a");
            gateway.Rank();
            for (var i = 0; i < 8; i++)
                gateway.Send($$"""{"id":"{{server.Id}}-{{i}}","client_id":1000,"operation":"echo","payload":"{{payload}}","timeout_ms":60000}""");
            return server.Received.Count > 0;
        }
    }

    /// <summary>Its patience is infinite, so that a server may keep a call as long as a test wants.</summary>
    private RequestLinks Listen() => new(new IPEndPoint(IPAddress.Loopback, 0), _servers, TimeProvider.System, NullLogger.Instance, Timeout.InfiniteTimeSpan);

    /// <summary>Waits until requests go over the link.</summary>
    private async Task Linked()
    {
        var asked = 0;
        await Eventually.True(
            () =>
            {
                Post($"ask{asked++}-", 1);
                return _servers.Calls > 0;
            },
            "the gateway has a link");
        await Eventually.True(() => Interlocked.Read(ref _gateway.Transport.Count) == asked, "all are answered");
        _gateway.Intake!.Calls.Clear();
    }

    private async Task Send(string prefix, int count)
    {
        Post(prefix, count);
        await Answered(prefix, count);
    }

    private void Post(string prefix, int count, bool idempotent = true)
    {
        var datagrams = new DatagramList();
        for (var i = 0; i < count; i++)
            datagrams.Add(DispatcherFixture.EchoText($"{prefix}{i}", timeoutMs: 9000, idempotent));
        _gateway.Send(datagrams);
    }

    /// <summary>Waits for the answers, which are sent a moment after the requests are no longer in flight.</summary>
    private async Task Answered(string prefix, int count, string status = "ok")
    {
        var ids = Enumerable.Range(0, count).Select(i => $"{prefix}{i}").ToArray();
        await Eventually.True(
            () => ids.All(_gateway.Transport.HasAnswerTo), () => $"all are answered, {_gateway.Dispatcher.InFlight} are in flight");
        Assert.All(ids, id => Assert.Equal(status, _gateway.Transport.AnswerTo(id).GetProperty("status").GetString()));
    }
}
