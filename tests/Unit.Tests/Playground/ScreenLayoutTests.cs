using Shortline.Playground.Screen;

namespace Shortline.Unit.Tests.Playground;

public sealed class ScreenLayoutTests
{
    [Theory]
    [InlineData(12, 4, 10, 4, 3, 5)]
    [InlineData(7, 40, 10, 2, 2, 3)]
    [InlineData(3, 40, 10, 2, 2, 3)]
    [InlineData(25, 40, 1000, 8, 8, 9)]
    [InlineData(25, 1, 1, 2, 2, 16)]
    [InlineData(200, 40, 1000, 40, 20, 16)]
    public void Lines_are_divided_among_servers_conversation_and_clients(int lines, int servers, int clients, int forServers, int forClients, int forConversation) =>
        Assert.Equal(new ScreenLayout(forServers, forClients, forConversation), ScreenLayout.Of(lines, servers, clients));
}
