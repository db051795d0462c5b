using System.Text;
using Shortline.Protocol.Requests;

namespace Shortline.Unit.Tests.Gateway.Requests;

public class BadInputTests
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
    public void What_is_not_a_request_is_answered_invalid_with_what_is_wrong(string datagram)
    {
        _gateway.Send(datagram);

        var answer = Assert.Single(_gateway.Transport.Sent);
        Assert.Equal("invalid", answer.Status);
        Assert.False(string.IsNullOrEmpty(answer.Json.GetProperty("error").GetString()));
        Assert.All(_gateway.Servers, server => Assert.Empty(server.Received));
    }

    [Fact]
    public void The_answer_carries_the_id_if_it_could_be_read()
    {
        _gateway.Send("""{"id":"x","operation":7}""");

        Assert.Equal("x", Assert.Single(_gateway.Transport.Sent).Id);
    }

    [Fact]
    public void Each_kind_is_counted()
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
    public void Nobody_at_port_0_is_answered()
    {
        _gateway.Send(DispatcherFixture.EchoText("a"), port: 0);
        _gateway.Send("hello", port: 0);

        Assert.Empty(_gateway.Transport.Sent);
        Assert.Equal(2, _gateway.Dispatcher.Counters.Unanswerable);
        Assert.All(_gateway.Servers, server => Assert.Empty(server.Received));
    }

    [Fact]
    public void An_answer_to_garbage_is_small_whatever_the_garbage()
    {
        _gateway.Send(new DatagramList().Add(Encoding.UTF8.GetBytes(new string('x', 60_000))));

        Assert.True(Assert.Single(_gateway.Transport.Sent).Text.Length < 400);
    }
}
