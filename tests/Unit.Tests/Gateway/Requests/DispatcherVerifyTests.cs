using System.Net;
using System.Text;
using Shortline.Gateway.Udp;
using Shortline.GrainInterfaces.Requests;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Unit.Tests.Gateway.Requests;

/// <summary>Datagrams from addresses that may be forged get at most three times their bytes.</summary>
public class DispatcherVerifyTests
{
    private const string Small = """{"id":1,"operation":"x"}""";
    private static readonly IPAddress Remote = IPAddress.Parse("192.0.2.1");
    private static readonly PeerAddress Peer = DatagramList.PeerAt(Remote, 40000);
    private static readonly string LargeResult = $"\"{new string('r', 5000)}\"";

    private readonly DispatcherFixture _gateway = WithLargeResults();

    [Fact]
    public void An_answer_of_more_than_three_times_the_request_becomes_verify()
    {
        _gateway.Send(From(Small));

        var answer = Assert.Single(_gateway.Transport.Sent);
        Assert.Matches("""^\{"id":1,"status":"verify","token":"[A-Za-z0-9_-]{22}"\}$""", answer.Text);
        Assert.True(answer.Text.Length <= 3 * Small.Length);
        Assert.Equal(1, _gateway.Dispatcher.Counters.Verify);
    }

    [Fact]
    public void The_same_request_with_the_token_gets_the_answer_and_does_not_run_again()
    {
        _gateway.Send(From(Small));
        _gateway.Send(From(WithToken(Small)));

        var answer = _gateway.Transport.Sent[1];
        Assert.Equal("ok", answer.Status);
        Assert.Equal(5000, answer.Json.GetProperty("result").GetString()!.Length);
        Assert.Single(_gateway.Servers.SelectMany(server => server.Received));
        Assert.Equal(1, _gateway.Dispatcher.Counters.Repeated);
    }

    [Fact]
    public void A_later_request_with_the_token_is_answered_in_full()
    {
        _gateway.Send(From(Small));
        _gateway.Send(From(WithToken("""{"id":2,"client_id":7,"operation":"x"}""")));

        Assert.Equal("ok", _gateway.Transport.Sent[1].Status);
    }

    [Fact]
    public void A_repeat_without_a_token_gets_verify_again()
    {
        _gateway.Send(From(Small));
        _gateway.Send(From(Small));

        Assert.All(_gateway.Transport.Sent, sent => Assert.Equal("verify", sent.Status));
        Assert.Equal(2, _gateway.Transport.Sent.Count);
        Assert.Single(_gateway.Servers.SelectMany(server => server.Received));
    }

    [Fact]
    public void The_token_of_one_port_does_not_count_for_another()
    {
        _gateway.Send(From(Small));
        _gateway.Send(new DatagramList().Add(WithToken(Small), DatagramList.PeerAt(Remote, 40001)));

        Assert.Equal("verify", _gateway.Transport.Sent[1].Status);
    }

    [Theory]
    [InlineData("17")]
    [InlineData("null")]
    [InlineData("\"\"")]
    [InlineData("\"not one\"")]
    [InlineData("{\"a\":[1]}")]
    public void A_token_that_is_none_counts_as_not_given(string token)
    {
        _gateway.Send(From($$"""{"id":1,"operation":"x","token":{{token}}}"""));

        Assert.Equal("verify", Assert.Single(_gateway.Transport.Sent).Status);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("127.9.8.7")]
    [InlineData("::1")]
    [InlineData("::ffff:127.0.0.1")]
    public void Loopback_needs_no_token(string address)
    {
        _gateway.Send(new DatagramList().Add(Small, DatagramList.PeerAt(IPAddress.Parse(address), 40000)));

        Assert.Equal("ok", Assert.Single(_gateway.Transport.Sent).Status);
    }

    [Theory]
    [InlineData("128.0.0.1")]
    [InlineData("10.0.0.127")]
    [InlineData("::2")]
    [InlineData("2001:db8::1")]
    [InlineData("::ffff:192.0.2.1")]
    public void Other_addresses_need_one(string address)
    {
        _gateway.Send(new DatagramList().Add(Small, DatagramList.PeerAt(IPAddress.Parse(address), 40000)));

        Assert.Equal("verify", Assert.Single(_gateway.Transport.Sent).Status);
    }

    [Fact]
    public void An_answer_of_up_to_three_times_the_request_needs_none()
    {
        var gateway = new DispatcherFixture();
        gateway.Send(From("""{"id":"1","operation":"echo","payload":"hi"}"""));

        Assert.Equal("ok", Assert.Single(gateway.Transport.Sent).Status);
    }

    [Fact]
    public void Three_times_the_bytes_of_the_request_is_the_limit()
    {
        var statuses = new List<(int Ratio, string? Status)>();
        for (var padding = 0; padding < 3000; padding++)
        {
            var gateway = WithLargeResults();
            var request = $$"""{"id":1,"operation":"x","p":"{{new string('p', padding)}}"}""";
            gateway.Send(From(request));
            var answer = Assert.Single(gateway.Transport.Sent);
            Assert.True(answer.Text.Length <= 3 * request.Length);
            if (answer.Status != "ok")
                continue;

            // The first request that is long enough: one byte less would not have been.
            Assert.True(answer.Text.Length > 3 * (request.Length - 1), $"{answer.Text.Length} bytes for {request.Length}");
            return;
        }

        Assert.Fail("No request got its answer.");
    }

    [Theory]
    [MemberData(nameof(Datagrams))]
    public void No_datagram_gets_more_than_three_times_its_bytes(string datagram)
    {
        DispatcherFixture[] gateways =
        [
            WithLargeResults(),
            new(servers: 0),
            Full(),
            With(server => server.OnSubmit = batch => new(server.RejectAll(batch))),
            With(server => server.OnSubmit = batch => new(server.FailAll(batch))),
            With(server => server.OnSubmit = _ => new(server.AcceptAll())),
            With(server => server.OnSubmit = _ => throw new IOException("gone")),
        ];
        foreach (var gateway in gateways)
        {
            var before = gateway.Transport.Sent.Count;
            gateway.Send(From(datagram));
            gateway.Advance(6000);
            Assert.InRange(gateway.Transport.Sent.Count - before, 0, 1);
            var bytes = Encoding.UTF8.GetByteCount(datagram);
            Assert.All(gateway.Transport.Sent.Skip(before), sent => Assert.True(
                Encoding.UTF8.GetByteCount(sent.Text) <= 3 * bytes, $"{bytes} bytes: {datagram}\n{sent.Text.Length} bytes: {sent.Text}"));
        }
    }

    public static TheoryData<string> Datagrams()
    {
        var data = new TheoryData<string>();
        var id64 = new string('i', 64);
        string[] all =
        [
            "", "x", "hello", "hello, is anybody there, at this address?", "[1]", "7", "{}", "{\"id\":1}", "{\"operation\":\"locate\"}", "{\"operation\":\"probe\"}",
            Small, """{"id":1,"operation":"locate"}""", """{"id":1,"operation":"directory"}""", """{"id":1,"operation":"x","idempotent":false}""",
            """{"id":1,"client_id":9223372036854775807,"operation":"x"}""", $$"""{"id":"{{id64}}","client_id":1,"operation":"x"}""",
            """{"id":1,"operation":"x","timeout_ms":50}""", """{"id":1,"operation":"x","timeout_ms":50,"idempotent":false}""",
            """{"id":1,"operation":"x","timeout_ms":0}""", """{"id":1,"operation":""}""", """{"id":1.5,"operation":"x"}""",
            $$"""{"id":"{{id64}}"}""", """{"id":1,"operation":"x"} x""", """{"id":1,"id":2,"operation":"x"}""", """{"id":1,"operation":"x","token":"AAAAAAAAAAAAAAAAAAAAAA"}""",
        ];
        foreach (var datagram in all)
            data.Add(datagram);
        return data;
    }

    [Fact]
    public void An_answer_for_which_even_verify_is_too_large_is_not_sent()
    {
        _gateway.Send(From("hello"));

        Assert.Empty(_gateway.Transport.Sent);
        Assert.Equal(1, _gateway.Dispatcher.Counters.Withheld);
    }

    [Fact]
    public void Every_valid_request_gets_an_answer()
    {
        foreach (var request in (string[])[Small, """{"id":1,"client_id":0,"operation":"x"}""", """{"id":"1","client_id":9223372036854775807,"operation":"x"}"""])
            _gateway.Send(From(request));

        Assert.Equal(3, _gateway.Transport.Sent.Count);
    }

    [Fact]
    public void A_repeat_with_a_token_while_the_request_runs_gets_the_answer_in_full()
    {
        var (gateway, token) = Proven();
        var server = Assert.Single(gateway.Servers);
        server.OnSubmit = _ => new(server.AcceptAll());
        gateway.Send(From(Small));
        gateway.Send(From(Small[..^1] + $",\"token\":\"{token}\"}}"));
        gateway.Send(From(Small));

        gateway.Dispatcher.OnResponses(server.Answers(server.Received[^1] with { Payload = LargeResult }));

        Assert.Equal("ok", gateway.Transport.Sent[^1].Status);
        Assert.Equal(2, gateway.Transport.Sent.Count);
    }

    [Fact]
    public void A_repeat_from_another_port_has_its_own_limit()
    {
        var (gateway, token) = Proven();
        var server = Assert.Single(gateway.Servers);
        server.OnSubmit = _ => new(server.AcceptAll());
        gateway.Send(From($$"""{"id":2,"client_id":7,"operation":"x","token":"{{token}}"}"""));
        gateway.Send(new DatagramList().Add("""{"id":2,"client_id":7,"operation":"x"}""", DatagramList.PeerAt(Remote, 40001)));

        gateway.Dispatcher.OnResponses(server.Answers(server.Received[^1] with { Payload = LargeResult }));

        Assert.Equal(("verify", 40001), (gateway.Transport.Sent[^1].Status, gateway.Transport.Sent[^1].Peer.Port));
    }

    [Fact]
    public void A_request_that_must_not_run_twice_runs_only_with_a_token_if_its_answer_might_not_be_kept()
    {
        var gateway = WithLargeResults(new LoadBalancerSettings { DedupeWindowMs = 0 });
        const string Request = """{"id":1,"operation":"x","idempotent":false}""";
        gateway.Send(From(Request));
        Assert.Equal("verify", Assert.Single(gateway.Transport.Sent).Status);
        Assert.Empty(Assert.Single(gateway.Servers).Received);

        gateway.Send(From(WithToken(Request, gateway)));

        Assert.Equal("ok", gateway.Transport.Sent[1].Status);
        Assert.Single(Assert.Single(gateway.Servers).Received);
    }

    private static DatagramList From(string datagram) => new DatagramList().Add(datagram, Peer);

    private static DispatcherFixture WithLargeResults(LoadBalancerSettings? settings = null) => With(
        server => server.OnSubmit = batch => new(new BatchReceipt
        {
            Done = server.Answers([.. server.Received.TakeLast(batch.Requests.Length).Select(request => request with { Payload = LargeResult })]),
        }),
        settings);

    private static DispatcherFixture With(Action<FakeServer> prepare, LoadBalancerSettings? settings = null)
    {
        var gateway = new DispatcherFixture(servers: 1, settings);
        prepare(gateway.Servers.Single());
        return gateway;
    }

    private static DispatcherFixture Full()
    {
        var gateway = With(server => server.OnSubmit = _ => new(server.AcceptAll()), new LoadBalancerSettings { InFlightLimit = 1 });
        gateway.Echo("first", timeoutMs: 60_000);
        return gateway;
    }

    /// <summary>A gateway and the token of <see cref="Peer"/> for it.</summary>
    private static (DispatcherFixture Gateway, string Token) Proven()
    {
        var gateway = WithLargeResults();
        gateway.Send(From("""{"id":0,"operation":"x"}"""));
        return (gateway, gateway.Transport.Sent[0].Json.GetProperty("token").GetString()!);
    }

    private string WithToken(string request) => WithToken(request, _gateway);

    private static string WithToken(string request, DispatcherFixture gateway) =>
        $"{request[..^1]},\"token\":\"{gateway.Transport.Sent[0].Json.GetProperty("token").GetString()}\"}}";
}
