using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Shortline.System.Tests.Gateway;

/// <summary>An external server of the text protocol that answers <c>test_response_time</c> and <c>req_dir</c>.</summary>
internal sealed class TextServer : IDisposable
{
    public const string Files = "{\"external.txt\":\"file\"}";

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public TextServer()
    {
        _listener.Start();
        EndPoint = (IPEndPoint)_listener.LocalEndpoint;
        _ = Serve();
    }

    public IPEndPoint EndPoint { get; }

    public void Dispose() => _listener.Dispose();

    private async Task Serve()
    {
        try
        {
            while (true)
                await Answer();
        }
        catch (Exception failure) when (failure is SocketException or ObjectDisposedException)
        {
            // The server was disposed of.
        }
    }

    private async Task Answer()
    {
        using var client = await _listener.AcceptSocketAsync();
        try
        {
            var request = new byte[1024];
            var answer = Encoding.ASCII.GetString(request, 0, await client.ReceiveAsync(request)) == "test_response_time" ? "alive" : Files;
            await client.SendAsync(Encoding.ASCII.GetBytes(answer));
            client.Shutdown(SocketShutdown.Both);
        }
        catch (SocketException)
        {
            // The client has closed the connection.
        }
    }
}
