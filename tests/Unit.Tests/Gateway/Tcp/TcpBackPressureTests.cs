using System.Net;
using System.Net.Sockets;
using Shortline.Gateway.Tcp;

namespace Shortline.Unit.Tests.Gateway.Tcp;

/// <summary>When a connection reads no more requests.</summary>
public sealed class TcpBackPressureTests : IDisposable
{
    private readonly Socket _client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Socket _accepted;
    private readonly TcpConnection _connection;

    public TcpBackPressureTests()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        _client.Connect(listener.LocalEndPoint!);
        _accepted = listener.Accept();
        var services = new TcpServices(Dispatcher: null!) { MaxUnanswered = 10, UnansweredBytes = 100_000 };
        _connection = new TcpConnection(_accepted, 0, 1, services, TimeProvider.System);
    }

    public void Dispose()
    {
        _connection.Dispose();
        _accepted.Dispose();
        _client.Dispose();
    }

    [Theory]
    [InlineData(9, 100, true)]
    [InlineData(10, 100, false)]
    [InlineData(3, 25_000, true)]
    [InlineData(4, 25_000, false)]
    [InlineData(1, 65_000, true)]
    [InlineData(2, 65_000, false)]
    public void Requests_are_read_until_too_many_or_too_many_bytes_are_unanswered(int requests, int bytesOfEach, bool isReading)
    {
        for (var i = 0; i < requests; i++)
            _connection.AddUnanswered(1, bytesOfEach);

        Assert.Equal(isReading, _connection.Drained().IsCompleted);
    }

    [Fact]
    public async Task Reading_goes_on_when_half_of_the_requests_are_answered()
    {
        _connection.AddUnanswered(4, 100_000);
        var drained = _connection.Drained();

        _connection.RemoveUnanswered();
        Assert.False(drained.IsCompleted);
        _connection.RemoveUnanswered();

        await drained.WaitAsync(TimeSpan.FromSeconds(10));
    }
}
