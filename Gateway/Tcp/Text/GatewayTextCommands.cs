using System.Globalization;
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
    private const int MaxWeight = 1000;

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
        var (address, weight) = (argument, 1);
        if (kind == TextCommandKind.Join && WeightAt(argument) is var at and >= 0)
        {
            address = argument[..at];
            if (!int.TryParse(argument.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out weight) || weight > MaxWeight)
            {
                client.Fault = $"'{argument[(at + 1)..]}' is not a weight, a whole number from 0 to {MaxWeight}";
                return false;
            }
        }

        if (address.StartsWith("localhost:", StringComparison.OrdinalIgnoreCase))
            address = $"{IPAddress.Loopback}{address["localhost".Length..]}";
        if (!PlainAddress.TryParse(address, out IPEndPoint? server))
        {
            client.Fault = $"'{address}' is not an address and port such as 127.0.0.1:6001";
            return false;
        }

        var peer = client.Remote.Address;
        if (kind == TextCommandKind.Join ? servers.Join(peer, server, weight) : servers.Leave(peer, server))
            return true;
        client.Fault = $"this client may not add or remove the external server {server}: "
            + "only clients on loopback may, for addresses in load_balancer.allow_external_from";
        return false;
    }

    /// <summary>Where the weight begins, with its <c>%</c>; -1 without one. The <c>%</c> of an IPv6 zone is before the port.</summary>
    private static int WeightAt(string argument) => argument.LastIndexOf('%') is var at && at > argument.LastIndexOf(':') ? at : -1;
}
