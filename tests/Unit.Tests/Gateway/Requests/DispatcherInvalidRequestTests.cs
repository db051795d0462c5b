using System.Text;
using Shortline.GrainInterfaces.Requests;
using Shortline.Hosting.Settings.Sections;
using Shortline.Protocol.Requests;

namespace Shortline.Unit.Tests.Gateway.Requests;

public class DispatcherInvalidRequestTests
{
    private readonly DispatcherFixture _gateway = new();

    [Theory]
    [InlineData("")]
    [InlineData("hello")]
    [InlineData("[1,2]")]
    [InlineData("""{"id":"x"}""")]
    [InlineData("""{"id":"x","operation":7}""")]
    [InlineData("""{"id":1.5,"operation":"echo"}""")]
    [InlineData("""{"id":"x","operation":"echo","timeout_ms":"soon"}""")]
    public void An_invalid_request_is_answered_with_the_fault(string datagram)
    {
        _gateway.Send(datagram);

        var answer = Assert.Single(_gateway.Transport.Sent);
        Assert.Equal("invalid", answer.Status);
        Assert.False(string.IsNullOrEmpty(answer.Json.GetProperty("error").GetString()));
        Assert.All(_gateway.Servers, server => Assert.Empty(server.Received));
    }

    [Fact]
    public void The_answer_to_an_invalid_request_has_its_id_if_that_is_readable()
    {
        _gateway.Send("""{"id":"x","operation":7}""");

        Assert.Equal("x", Assert.Single(_gateway.Transport.Sent).Id);
    }

    [Fact]
    public void Each_kind_of_fault_is_counted()
    {
        _gateway.Send("hello");
        _gateway.Send(new DatagramList().Add([0xFF, 0xFE, 0x80]));
        _gateway.Send("");

        var counters = _gateway.Dispatcher.Counters;
        Assert.Equal(1, counters.Invalid[(int)InvalidReason.NotJson]);
        Assert.Equal(1, counters.Invalid[(int)InvalidReason.NotUtf8]);
        Assert.Equal(1, counters.Invalid[(int)InvalidReason.Empty]);
        Assert.Equal(3, counters.Received);
    }

    [Fact]
    public void A_request_from_port_0_is_counted_and_not_answered()
    {
        _gateway.Send(DispatcherFixture.EchoText("a"), port: 0);
        _gateway.Send("hello", port: 0);

        Assert.Empty(_gateway.Transport.Sent);
        Assert.Equal(2, _gateway.Dispatcher.Counters.Unanswerable);
        Assert.All(_gateway.Servers, server => Assert.Empty(server.Received));
    }

    [Theory]
    [InlineData("""{"id":"x","status":"ok","result":1}""")]
    [InlineData("""{"status":"invalid","error":"not JSON"}""")]
    [InlineData("""{"id":"x","operation":"echo","status":null}""")]
    [InlineData("""{"id":1.5,"st\u0061tus":7} and more""")]
    public void A_datagram_that_is_an_answer_is_counted_and_not_answered(string datagram)
    {
        _gateway.Send(datagram);

        Assert.Empty(_gateway.Transport.Sent);
        Assert.Equal(1, _gateway.Dispatcher.Counters.Reflected);
        Assert.All(_gateway.Servers, server => Assert.Empty(server.Received));
    }

    [Fact]
    public void A_gateway_answers_no_answer_of_another_one()
    {
        var small = new DispatcherFixture(servers: 1, new LoadBalancerSettings { InFlightLimit = 1 });
        small.Servers.Single().OnSubmit = _ => new(new TaskCompletionSource<BatchReceipt>().Task);
        foreach (var request in (string[])["hello", """{"id":1,"operation":"locate"}""", DispatcherFixture.EchoText("expires", 50), DispatcherFixture.EchoText("rejected")])
            small.Send(request);
        small.Advance(100);
        _gateway.Echo("ok");
        var answers = small.Transport.Sent.Concat(_gateway.Transport.Sent).ToList();
        Assert.Superset(new HashSet<string?> { "invalid", "expired", "rejected", "ok" }, answers.Select(answer => answer.Status).ToHashSet());

        var other = new DispatcherFixture();
        foreach (var answer in answers)
            other.Send(answer.Text);

        Assert.Empty(other.Transport.Sent);
        Assert.Equal(answers.Count, other.Dispatcher.Counters.Reflected);
    }

    [Fact]
    public void A_datagram_that_claims_to_come_from_the_gateway_itself_is_not_answered()
    {
        _gateway.Send(DispatcherFixture.EchoText("a"), _gateway.Transport.LocalEndPoint.Port);

        Assert.Empty(_gateway.Transport.Sent);
        Assert.Equal(1, _gateway.Dispatcher.Counters.Reflected);
    }

    [Fact]
    public void The_answer_to_a_large_invalid_request_is_small()
    {
        _gateway.Send(new DatagramList().Add(Encoding.UTF8.GetBytes(new string('x', 60_000))));

        Assert.True(Assert.Single(_gateway.Transport.Sent).Text.Length < 400);
    }
}
