using System.Net;
using Shortline.Gateway.ExternalServers;
using Shortline.Gateway.Requests;
using Shortline.Hosting.Text;
using Shortline.Protocol.Text;

namespace Shortline.Gateway.Tcp.Text;

/// <summary>
/// The commands of the text protocol that a gateway serves: the location of a server, and external servers that join or leave.
/// </summary>
internal sealed class GatewayTextCommands(Dispatcher dispatcher, IExternalServers servers) : ITextCommands
{
    public async ValueTask<bool> Answer(TextCommandKind kind, string argument, TcpConnection client)
    {
        switch (kind)
        {
            case TextCommandKind.Locate:
                await client.SendRaw(dispatcher.Locate(client.Address.MachineHash).ToArray()).ConfigureAwait(false);
                return true;
            case TextCommandKind.Join or TextCommandKind.Dead:
                return Announce(kind, argument, client);
            default:
                return false;
        }
    }

    private bool Announce(TextCommandKind kind, string argument, TcpConnection client)
    {
        var text = argument.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase) ? $"{IPAddress.Loopback}{argument["localhost".Length..]}" : argument;
        if (!PlainAddress.TryParse(text, out IPEndPoint? server))
        {
            client.Fault = $"'{argument}' is not an address and port such as 127.0.0.1:6001";
            return false;
        }

        var peer = client.Remote.Address;
        if (kind == TextCommandKind.Join ? servers.Join(peer, server) : servers.Leave(peer, server))
            return true;
        client.Fault = $"this client may not add or remove the external server {server}: "
            + "only clients on loopback may, for addresses in load_balancer.allow_external_from";
        return false;
    }
}
