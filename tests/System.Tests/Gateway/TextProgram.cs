using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Shortline.System.Tests.Gateway;

/// <summary>A client of the text protocol: connects, sends one command, and reads until the other side closes the connection.</summary>
internal static class TextProgram
{
    private const int LimitMs = 20_000;

    public static string Ask(IPEndPoint to, string command)
    {
        using var client = new TcpClient { ReceiveTimeout = LimitMs, SendTimeout = LimitMs };
        client.Connect(to);
        using var stream = client.GetStream();
        stream.Write(Encoding.UTF8.GetBytes(command));
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }

    /// <summary>Asks a gateway for the location of a server; null if it knows none.</summary>
    public static IPEndPoint? Locate(IPEndPoint gateway)
    {
        using var location = JsonDocument.Parse(Ask(gateway, "req_sv_loc"));
        return location.RootElement.GetArrayLength() == 0
            ? null
            : new IPEndPoint(IPAddress.Parse(location.RootElement[0].GetString()!), location.RootElement[1].GetInt32());
    }
}
