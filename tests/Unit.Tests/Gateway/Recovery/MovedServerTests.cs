using Shortline.GrainInterfaces.Servers;
using static Shortline.Unit.Tests.Gateway.Recovery.SilentSilos;

namespace Shortline.Unit.Tests.Gateway.Recovery;

/// <summary>An id belongs to a later server on another silo.</summary>
public sealed class MovedServerTests
{
    [Fact]
    public void A_later_server_with_the_same_id_on_another_silo_takes_over()
    {
        var gateway = GatewayWith("a", "b");
        var former = gateway[0];
        former.OnSubmit = _ => new(former.AcceptAll());
        gateway.EchoTo(former, "r0");
        gateway.EchoTo(former, "r1");
        var taken = former.Received.ToArray();
        Assert.NotEmpty(taken);

        var later = gateway.MoveServer(0, "b");
        gateway.Rank();
        gateway.Dispatcher.OnResponses(former.Answers(taken)); // The former silo was not dead, only suspended.

        AssertAnswered(gateway, 2);
        for (var i = 2; i < 22; i++)
        {
            gateway.Echo($"r{i}");
        }

        AssertAnswered(gateway, 22);
        Assert.True(later.Received.Count > 5);
        Assert.Equal(taken.Length, former.Received.Count);
    }

    [Fact]
    public void The_last_responses_of_a_drained_server_are_accepted_even_if_its_id_has_moved_to_another_silo()
    {
        var gateway = GatewayWith("a", "b");
        var former = gateway[0];
        former.OnSubmit = _ => new(former.AcceptAll());
        gateway[1].OnSubmit = _ => new(gateway[1].AcceptAll());
        gateway.Echo("r0", idempotent: false);
        gateway.Echo("r1", idempotent: false);
        gateway.RankAs(former.Report(ServerStatus.Draining), gateway[1].Report());
        gateway.MoveServer(0, "b");
        gateway.Rank();

        gateway.Dispatcher.OnResponses(former.Answers([.. former.Received]));
        gateway.Dispatcher.OnResponses(gateway[1].Answers([.. gateway[1].Received]));

        AssertAnswered(gateway, 2);
        Assert.All(gateway.Transport.Sent, sent => Assert.Equal("ok", sent.Status));
    }

    [Fact]
    public void A_late_ranking_does_not_restore_an_earlier_server()
    {
        var gateway = GatewayWith("a", "b");
        var former = gateway[0].Report();
        var later = gateway.MoveServer(0, "b");
        gateway.Rank();

        gateway.RankAs(former, gateway[1].Report());
        for (var i = 0; i < 20; i++)
        {
            gateway.Echo($"r{i}");
        }

        Assert.True(later.Received.Count > 5);
    }
}
