using System.Net;
using System.Net.Sockets;
using System.Text;
using Shortline.Gateway.Tcp;
using Shortline.Interleaving.Tests.Exploration;

namespace Shortline.Interleaving.Tests.Gateway;

/// <summary>
/// Answers come while a connection ends. It has a real socket, whose client has closed its side before, so that no read waits for the network.
/// </summary>
public sealed class TcpConnectionTests : IDisposable
{
    private const int Requests = 4;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public TcpConnectionTests()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    public void Dispose() => _listener.Dispose();

    [Fact]
    public void A_client_that_closes_its_side_gets_all_answers_and_then_the_end() => Explore((connection, client) =>
    {
        var run = Task.CompletedTask;
        Operations.Start(
            () => run = connection.Run(),
            () => Answer(connection, "1"),
            () => Answer(connection, "2", "3"),
            connection.RemoveUnanswered);
        Operations.Join();

        Assert.True(run.IsCompletedSuccessfully, "The connection ends.");
        Assert.Equal(["1", "2", "3"], client.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Order());
    });

    [Fact]
    public void A_connection_that_is_closed_ends() => Explore((connection, _) =>
    {
        var run = Task.CompletedTask;
        Operations.Start(
            () => run = connection.Run(),
            () => Answer(connection, "1"),
            () => Answer(connection, "2"),
            () => connection.Close());
        Operations.Join();
        Assert.True(run.IsCompletedSuccessfully);
    });

    [Fact]
    public void The_reader_goes_on_when_half_of_the_requests_are_answered() => Explore(
        (connection, _) =>
        {
            var drained = Task.CompletedTask;
            Operations.Start(
                () => drained = connection.Drained(),
                connection.RemoveUnanswered,
                connection.RemoveUnanswered);
            Operations.Join();
            Assert.True(drained.Wait(TimeSpan.FromSeconds(10)));
        },
        maxUnanswered: Requests);

    private void Explore(Action<TcpConnection, StreamReader> scenario, int maxUnanswered = 2 * Requests) => Schedules.Explore(
        () =>
        {
            using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveTimeout = 10_000 };
            client.Connect(_listener.LocalEndPoint!);
            using var received = new StreamReader(new NetworkStream(client));
            client.Shutdown(SocketShutdown.Send);
            using var socket = _listener.Accept();
            Assert.Equal(0, socket.Receive(new byte[1], SocketFlags.Peek));
            var services = new TcpServices(Dispatcher: null!) { MaxUnanswered = maxUnanswered };
            using var connection = new TcpConnection(socket, 0, 1, services, TimeProvider.System);
            connection.AddUnanswered(Requests, bytes: 1);
            scenario(connection, received);
        },
        executions: 400);

    /// <summary>Does what the dispatcher does with the answers of a batch.</summary>
    private static void Answer(TcpConnection connection, params string[] answers)
    {
        var wake = false;
        foreach (var answer in answers)
            wake |= connection.Write(Encoding.UTF8.GetBytes(answer));
        if (wake)
            connection.Send();
    }
}
