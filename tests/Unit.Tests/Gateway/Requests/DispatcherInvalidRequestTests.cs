using System.Text;
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

    [Fact]
    public void The_answer_to_a_large_invalid_request_is_small()
    {
        _gateway.Send(new DatagramList().Add(Encoding.UTF8.GetBytes(new string('x', 60_000))));

        Assert.True(Assert.Single(_gateway.Transport.Sent).Text.Length < 400);
    }
}
