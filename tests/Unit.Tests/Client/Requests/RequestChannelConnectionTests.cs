using System.Text;
using Microsoft.Extensions.Time.Testing;
using Shortline.Client.Requests;
using Shortline.Client.Tcp;
using Shortline.Protocol.Responses;

namespace Shortline.Unit.Tests.Client.Requests;

/// <summary>A channel over connections: a connection breaks, is silent, or cannot be opened.</summary>
public sealed class RequestChannelConnectionTests
{
    private const int FirstId = 500;
    private static readonly byte[] Tail = RequestTail.Make(7, "echo", "[]"u8, idempotent: true);

    private readonly FakeTimeProvider _time = new();
    private readonly RecordingSender _net = new() { Gateways = 2, HasConnections = true };

    [Fact]
    public void The_next_sweep_resends_the_requests_of_a_broken_connection_to_another_gateway()
    {
        var channel = Make();
        Start(channel);
        Start(channel);
        End(channel, ConnectionEnd.Broken);
        channel.Sweep();
        Start(channel);
        Assert.Equal([0, 0, 1, 1, 1], _net.SentTo);
        Assert.Equal(2, channel.Counters.Retries);
    }

    [Fact]
    public void A_non_idempotent_request_is_lost_with_its_connection()
    {
        var channel = Make();
        Start(channel, once: true);
        End(channel, ConnectionEnd.Broken);
        channel.Sweep();
        Assert.Equal([0], _net.SentTo);
        Assert.Equal(ResponseStatus.Lost, Assert.Single(_net.Ended).Status);
        Assert.Equal(0, channel.InFlight);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_request_whose_connection_breaks_before_it_is_sent_goes_to_another_gateway(bool once)
    {
        var channel = Make(retries: 0);
        _net.Outcome = SendOutcome.NotSent;
        _net.DuringSend = () => End(channel, ConnectionEnd.Broken);
        Start(channel, once: once);
        _net.Outcome = SendOutcome.Sent;
        channel.Sweep();
        Assert.Equal([0, 1], _net.SentTo);
        Assert.Empty(_net.Ended);
        Answer(channel, 1, FirstId, "ok");
        Assert.Equal((ResponseStatus.Ok, 1), (Assert.Single(_net.Ended).Status, _net.Ended[0].Request.Sent));
    }

    [Theory]
    [InlineData(true, new[] { 0 })]
    [InlineData(false, new[] { 0, 1 })]
    public void A_request_whose_connection_breaks_while_it_is_sent_may_have_run(bool once, int[] sentTo)
    {
        var channel = Make();
        _net.DuringSend = () => End(channel, ConnectionEnd.Broken);
        Start(channel, once: once);
        channel.Sweep();
        Assert.Equal(sentTo, _net.SentTo);
        Assert.Equal(once ? [ResponseStatus.Lost] : [], _net.Ended.Select(ended => ended.Status!.Value));
    }

    [Theory]
    [InlineData(ConnectionEnd.NotOpened, 1)]
    [InlineData(ConnectionEnd.TurnedAway, 0)]
    public void A_request_that_was_not_sent_goes_to_another_gateway_and_does_not_count_as_a_retry(object end, int refused)
    {
        var channel = Make(retries: 0);
        Start(channel, once: true);
        Start(channel);
        End(channel, (ConnectionEnd)end);
        channel.Sweep();
        Assert.Equal([0, 0, 1, 1], _net.SentTo);
        Assert.Equal((0, refused), (channel.Counters.Retries, channel.Counters.Refused));
        Answer(channel, 1, FirstId, "ok");
        Assert.Equal(1, Assert.Single(_net.Ended).Request.Sent);
    }

    [Fact]
    public void A_request_that_no_gateway_accepts_is_tried_repeatedly_until_its_timeout()
    {
        var channel = Make();
        _net.Outcome = SendOutcome.NotSent;
        Start(channel, timeoutMs: 1000);
        RunFor(channel, 990);
        Assert.InRange(_net.Sent.Count, 8, 25);
        RunFor(channel, 20);
        Assert.Equal((null, 0), (Assert.Single(_net.Ended).Status, _net.Ended[0].Request.Sent));
    }

    [Fact]
    public void The_end_of_an_earlier_connection_affects_only_requests_on_that_connection()
    {
        var channel = Make();
        Start(channel, once: true);
        _net.Connections[0]++;
        Start(channel, once: true);
        channel.OnConnectionEnded(0, 1, ConnectionEnd.Broken, isRefusal: false);
        Assert.Equal(FirstId, Assert.Single(_net.Ended).Request.Id);
        Start(channel);
        Assert.Equal([0, 0, 0], _net.SentTo);
    }

    [Fact]
    public void A_slow_request_on_a_live_connection_is_not_sent_again()
    {
        var channel = Make();
        Start(channel);
        for (var second = 0; second < 4; second++)
        {
            RunFor(channel, 1000, () => _net.HeardAt[0] = _net.Probed.Count > 0 ? _time.GetTimestamp() : long.MinValue);
        }

        Assert.Single(_net.Sent);
        Assert.InRange(_net.Probed.Count, 1, 10);
        Assert.Empty(_net.Left);
    }

    [Fact]
    public void A_connection_that_does_not_answer_a_probe_is_left()
    {
        var channel = Make();
        Start(channel);
        RunFor(channel, 500);
        Assert.Equal([0], _net.SentTo);
        RunFor(channel, 150);
        Assert.Equal([0, 1], _net.SentTo);
        Assert.Equal((0, 1), Assert.Single(_net.Left));
        Start(channel);
        Assert.Equal([0, 1, 1], _net.SentTo);
    }

    [Theory]
    [InlineData("draining", true)]
    [InlineData("no_server", true)]
    [InlineData("gateway_stopping", true)]
    [InlineData("queue_full", false)]
    public void A_server_that_drains_is_left_and_its_rejected_requests_go_to_another_server_at_once(string reason, bool isLeft)
    {
        var channel = Make(direct: true);
        Start(channel, once: true);
        Answer(channel, 0, FirstId, "rejected", $"\"reason\":\"{reason}\"");
        channel.Sweep();
        Assert.Equal(isLeft ? [0, 1] : [0], _net.SentTo);
        Assert.Equal(isLeft ? [(0, 1L)] : [], _net.Left);
        RunFor(channel, 300);
        Assert.Equal([0, 1], _net.SentTo);
    }

    [Fact]
    public void Retries_after_a_broken_connection_stay_within_the_budget()
    {
        var channel = Make(limit: 4096);
        for (var i = 0; i < 2000; i++)
            Start(channel);
        End(channel, ConnectionEnd.Broken);
        channel.Sweep();
        Assert.Equal((500, 1500), (channel.Counters.Retries, channel.Counters.RetriesDenied));
    }

    private static void Answer(RequestChannel channel, int gateway, long id, string status, string more = "\"server_id\":\"3\"") =>
        channel.OnDatagram(gateway, Encoding.UTF8.GetBytes($$"""{"id":{{id}},"client_id":7,"status":"{{status}}",{{more}}}"""));

    private void End(RequestChannel channel, ConnectionEnd end)
    {
        _time.Advance(TimeSpan.FromMilliseconds(1));
        channel.OnConnectionEnded(0, _net.Connections[0]++, end, isRefusal: true);
    }

    private RequestChannel Make(int retries = 3, int limit = 256, bool direct = false) => new(
        _net,
        new ChannelSettings { ClientId = 7, FirstId = FirstId, Retries = retries, FirstRetryMs = 100, InFlightLimit = limit, IsDirect = direct },
        _time,
        new Random(1),
        _net);

    private void Start(RequestChannel channel, int timeoutMs = 5000, bool once = false) =>
        Assert.True(channel.TryStart(Tail, _time.GetTimestamp(), timeoutMs, null, once) >= 0);

    private void RunFor(RequestChannel channel, int milliseconds, Action? each = null)
    {
        for (var ms = 0; ms < milliseconds; ms++)
        {
            _time.Advance(TimeSpan.FromMilliseconds(1));
            each?.Invoke();
            channel.Sweep();
        }
    }
}
