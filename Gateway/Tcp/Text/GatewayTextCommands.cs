namespace Shortline.Gateway;

/// <summary>The text protocol at a gateway: where to find a server.</summary>
internal sealed class GatewayTextCommands(Dispatcher dispatcher) : ITextCommands
{
    public async ValueTask<bool> Answer(TextCommandKind kind, string argument, TcpConnection client)
    {
        switch (kind)
        {
            case TextCommandKind.Locate:
                await client.SendRaw(dispatcher.Locate(client.Address.MachineHash).ToArray()).ConfigureAwait(false);
                return true;
            default:
                return false;
        }
    }
}
