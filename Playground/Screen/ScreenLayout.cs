namespace Shortline.Playground.Screen;

/// <summary>The lines of each part of the screen, without headers.</summary>
/// <param name="Servers">Lines of the servers.</param>
/// <param name="Clients">Lines of the clients.</param>
/// <param name="Conversation">Lines of the conversation, and of the chart beside it.</param>
internal readonly record struct ScreenLayout(int Servers, int Clients, int Conversation)
{
    private const int LeastServers = 2;
    private const int LeastClients = 2;
    private const int LeastConversation = 3;
    private const int MostClients = 20;
    private const int MostConversation = 16;

    /// <summary>The least sum of lines. If there are fewer, the text around the tables must shrink.</summary>
    public const int Least = LeastServers + LeastClients + LeastConversation;

    /// <summary>Distributes lines round-robin to the parts that can use them, servers first.</summary>
    public static ScreenLayout Of(int lines, int servers, int clients)
    {
        var layout = new ScreenLayout(LeastServers, LeastClients, LeastConversation);
        var (mostServers, mostClients) = (Math.Max(LeastServers, servers), Math.Clamp(clients, LeastClients, MostClients));
        while (layout.Sum < lines)
        {
            var before = layout;
            if (layout.Servers < mostServers)
                layout = layout with { Servers = layout.Servers + 1 };
            if (layout.Sum < lines && layout.Conversation < MostConversation)
                layout = layout with { Conversation = layout.Conversation + 1 };
            if (layout.Sum < lines && layout.Clients < mostClients)
                layout = layout with { Clients = layout.Clients + 1 };
            if (layout == before)
                break;
        }

        return layout;
    }

    private int Sum => Servers + Clients + Conversation;
}
