using System.Text;
using Shortline.GrainInterfaces.Servers;

namespace Shortline.Unit.Tests.Gateway.Requests;

public sealed class LocateTests
{
    private const string Request = """{"id":"where","client_id":5,"operation":"locate"}""";

    private readonly DispatcherFixture _gateway = new(servers: 3);

    [Fact]
    public void The_answer_is_where_a_server_listens()
    {
        Listen(50_000);

        _gateway.Send(Request);

        var answer = Assert.Single(_gateway.Transport.Sent);
        Assert.Equal(("ok", "where", 5), (answer.Status, answer.Id, answer.Json.GetProperty("client_id").GetInt32()));
        Assert.StartsWith("[\"127.0.0.1\",5000", answer.Json.GetProperty("result").GetRawText(), StringComparison.Ordinal);
        Assert.All(_gateway.Servers, server => Assert.Empty(server.Received));
    }

    [Fact]
    public void Clients_are_sent_to_one_server_after_the_other_while_nothing_new_is_known()
    {
        Listen(50_000);

        var places = Enumerable.Range(0, 9).Select(_ => Encoding.UTF8.GetString(_gateway.Dispatcher.Locate(0))).CountBy(place => place).ToList();

        Assert.Equal([3, 3, 3], places.Select(place => place.Value));
    }

    [Fact]
    public void Busy_servers_are_no_place_to_go()
    {
        _gateway.RankAs([.. _gateway.Servers.Select((server, i) => server.Report() with { Host = "127.0.0.1", Port = 50_000 + i, QueueLength = i == 1 ? 0 : 100 })]);

        Assert.Equal("[\"127.0.0.1\",50001]", Encoding.UTF8.GetString(_gateway.Dispatcher.Locate(0)));
    }

    [Fact]
    public void Servers_without_a_port_or_that_drain_are_not_given()
    {
        _gateway.RankAs(
            _gateway[0].Report(),
            _gateway[1].Report(ServerStatus.Draining) with { Host = "127.0.0.1", Port = 50_001 },
            _gateway[2].Report() with { Host = "::1", Port = 50_002 });

        for (var i = 0; i < 5; i++)
            Assert.Equal("[\"::1\",50002]", Encoding.UTF8.GetString(_gateway.Dispatcher.Locate(0)));
    }

    [Fact]
    public void Without_any_the_request_is_rejected()
    {
        Assert.Equal("[]", Encoding.UTF8.GetString(_gateway.Dispatcher.Locate(0)));

        _gateway.Send(Request);

        var answer = Assert.Single(_gateway.Transport.Sent);
        Assert.Equal(("rejected", "no_server"), (answer.Status, answer.Json.GetProperty("reason").GetString()));
    }

    [Fact]
    public void A_datagram_without_an_id_is_no_request_whatever_it_asks()
    {
        Listen(50_000);

        _gateway.Send("""{"operation":"locate"}""");

        Assert.Equal("invalid", Assert.Single(_gateway.Transport.Sent).Status);
    }

    [Fact]
    public void A_place_that_changes_is_known_with_the_ranking()
    {
        Listen(50_000);
        Listen(60_000);

        Assert.Contains(",6000", Encoding.UTF8.GetString(_gateway.Dispatcher.Locate(0)), StringComparison.Ordinal);
    }

    private void Listen(int firstPort) =>
        _gateway.RankAs([.. _gateway.Servers.Select((server, i) => server.Report() with { Host = "127.0.0.1", Port = firstPort + i })]);
}
