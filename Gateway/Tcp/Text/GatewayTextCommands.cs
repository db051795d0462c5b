using System.Net;

namespace Shortline.Gateway;

/// <summary>The text protocol at a gateway: where a server is, and that one has come or gone.</summary>
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
        if (!IPEndPoint.TryParse(text, out var server) || server.Port == 0)
        {
            client.Fault = $"'{argument}' is no address and port, such as 127.0.0.1:6001";
            return false;
        }

        var peer = client.Remote.Address;
        if (kind == TextCommandKind.Join ? servers.Join(peer, server) : servers.Leave(peer, server))
            return true;
        client.Fault = $"load_balancer.allow_external_from does not allow it to say that there is a server at {server}, or none any more";
        return false;
    }
}
