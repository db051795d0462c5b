using System.Text;
using Shortline.Unit.Tests.Gateway.Requests;

namespace Shortline.Unit.Tests.Gateway.ExternalServers;

public sealed class DispatcherLocateOnlyTests
{
    [Fact]
    public void A_locate_only_server_is_named_to_clients_and_gets_no_requests()
    {
        var gateway = new DispatcherFixture(servers: 2);
        gateway.RankAs(gateway[0].Report() with { QueueLength = 500 }, gateway[1].Report() with { IsExternal = true, IsLocateOnly = true, Host = "127.0.0.1", Port = 6001 });

        for (var i = 0; i < 20; i++)
            gateway.Echo($"{i}");

        Assert.Equal("[\"127.0.0.1\",6001]", Encoding.UTF8.GetString(gateway.Dispatcher.Locate(0)));
        gateway.Send("""{"id":"json","operation":"locate"}""");
        Assert.Equal("rejected", gateway.Transport.Sent.Last().Status);
        Assert.Equal(1, gateway.Dispatcher.ReadyServers);
        Assert.Equal((20, 0), (gateway[0].Received.Count, gateway[1].Received.Count));
    }
}
