namespace Shortline.Gateway.Tcp.Text;

/// <summary>
/// Tells listeners in this process what clients of the text protocol ask for, at the gateway and at servers. These clients name no id, so
/// nothing else shows them.
/// </summary>
public sealed class TextExchanges
{
    /// <summary>Called after each answer, by the thread that sent it.</summary>
    public Action<TextExchange>? Answered { get; set; }

    internal void Tell(TextExchange exchange) => Answered?.Invoke(exchange);
}
