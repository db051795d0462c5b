using System.Text;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.Unit.Tests.Gateway.Requests;

public sealed class DispatcherLocateTests
{
    private const string Request = """{"id":"where","client_id":5,"operation":"locate"}""";

    private readonly DispatcherFixture _gateway = new(servers: 3);

    [Fact]
    public void Locate_answers_with_the_endpoint_of_a_server()
    {
        RankWithPorts(50_000);

        _gateway.Send(Request);

        var answer = Assert.Single(_gateway.Transport.Sent);
        Assert.Equal(("ok", "where", 5), (answer.Status, answer.Id, answer.Json.GetProperty("client_id").GetInt32()));
        Assert.StartsWith("[\"127.0.0.1\",5000", answer.Json.GetProperty("result").GetRawText(), StringComparison.Ordinal);
        Assert.All(_gateway.Servers, server => Assert.Empty(server.Received));
    }

    [Fact]
    public void Locations_are_spread_evenly_between_two_rankings()
    {
        RankWithPorts(50_000);

        var places = Enumerable.Range(0, 9).Select(_ => Encoding.UTF8.GetString(_gateway.Dispatcher.Locate(0))).CountBy(place => place).ToList();

        Assert.Equal([3, 3, 3], places.Select(place => place.Value));
    }

    [Fact]
    public void Busy_servers_are_not_named()
    {
        _gateway.RankAs([.. _gateway.Servers.Select((server, i) => server.Report() with { Host = "127.0.0.1", Port = 50_000 + i, QueueLength = i == 1 ? 0 : 100 })]);

        Assert.Equal("[\"127.0.0.1\",50001]", Encoding.UTF8.GetString(_gateway.Dispatcher.Locate(0)));
    }

    [Fact]
    public void Draining_servers_and_servers_without_a_port_are_not_named()
    {
        _gateway.RankAs(
            _gateway[0].Report(),
            _gateway[1].Report(ServerStatus.Draining) with { Host = "127.0.0.1", Port = 50_001 },
            _gateway[2].Report() with { Host = "::1", Port = 50_002 });

        for (var i = 0; i < 5; i++)
            Assert.Equal("[\"::1\",50002]", Encoding.UTF8.GetString(_gateway.Dispatcher.Locate(0)));
    }

    [Fact]
    public void Locate_is_rejected_if_no_server_has_a_port()
    {
        Assert.Equal("[]", Encoding.UTF8.GetString(_gateway.Dispatcher.Locate(0)));

        _gateway.Send(Request);

        var answer = Assert.Single(_gateway.Transport.Sent);
        Assert.Equal(("rejected", "no_server"), (answer.Status, answer.Json.GetProperty("reason").GetString()));
    }

    [Fact]
    public void Locate_without_an_id_is_invalid()
    {
        RankWithPorts(50_000);

        _gateway.Send("""{"operation":"locate"}""");

        Assert.Equal("invalid", Assert.Single(_gateway.Transport.Sent).Status);
    }

    [Fact]
    public void A_ranking_changes_the_locations()
    {
        RankWithPorts(50_000);
        RankWithPorts(60_000);

        Assert.Contains(",6000", Encoding.UTF8.GetString(_gateway.Dispatcher.Locate(0)), StringComparison.Ordinal);
    }

    private void RankWithPorts(int firstPort) =>
        _gateway.RankAs([.. _gateway.Servers.Select((server, i) => server.Report() with { Host = "127.0.0.1", Port = firstPort + i })]);
}
