using Microsoft.Extensions.Time.Testing;
using Shortline.GrainInterfaces.Fleet;
using Shortline.GrainInterfaces.Servers;
using Shortline.Grains.Fleet;

namespace Shortline.Unit.Tests.Grains.Fleet;

public sealed class ServerRegistryTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ServerRegistry _registry;

    public ServerRegistryTests() => _registry = new ServerRegistry(_time);

    [Fact]
    public void A_later_report_replaces_an_earlier_one_and_an_older_one_is_ignored()
    {
        Assert.Equal(RegistryChange.Membership, Apply(sequence: 5, queue: 1));
        Assert.Equal(RegistryChange.Queue, Apply(sequence: 6, queue: 2));
        Assert.Equal(RegistryChange.None, Apply(sequence: 4, queue: 9));
        Assert.Equal(RegistryChange.None, Apply(sequence: 7, queue: 2));
        Assert.Equal(RegistryChange.Membership, Apply(sequence: 1, queue: 2, incarnation: 2));
        Assert.Equal(RegistryChange.None, Apply(sequence: 99, queue: 9, incarnation: 1));
        Assert.Equal(RegistryChange.Membership, Apply(sequence: 2, queue: 2, incarnation: 2, ServerStatus.Draining));

        Assert.Equal(2, Assert.Single(_registry.Reports).QueueLength);
    }

    [Fact]
    public void A_removed_server_is_not_registered_again_by_a_late_report()
    {
        Apply(sequence: 1, queue: 0);
        Assert.True(_registry.Remove(new EndedServer("0", 1)));
        Assert.Equal(RegistryChange.None, Apply(sequence: 2, queue: 0, incarnation: 1, ServerStatus.Stopped));
        Assert.Equal(RegistryChange.None, Apply(sequence: 3, queue: 0));

        Assert.Empty(_registry.Reports);
    }

    [Fact]
    public void Removed_servers_are_remembered_for_a_time_and_up_to_a_number()
    {
        for (var i = 0; i < ServerRegistry.MostRemembered + 10; i++)
            _registry.Remove(new EndedServer($"{i}", 1));
        Assert.Equal(ServerRegistry.MostRemembered, _registry.RememberedCount);

        _registry.Remove(new EndedServer("0", 1));
        _time.Advance(ServerRegistry.Remembered / 2);
        _registry.Remove(new EndedServer("0", 2));
        _time.Advance((ServerRegistry.Remembered / 2) + TimeSpan.FromSeconds(1));
        _registry.Remove(new EndedServer("1", 1));
        Assert.Equal(2, _registry.RememberedCount);
        Assert.Equal(RegistryChange.None, Apply(sequence: 1, queue: 0, incarnation: 2));
        Assert.Equal(RegistryChange.Membership, Apply(sequence: 1, queue: 0, incarnation: 3));
    }

    [Fact]
    public void Changes_are_returned_once_and_include_servers_that_have_left()
    {
        _registry.Apply(BalancerGrainTests.Report("0", 1, queue: 4));
        _registry.Apply(BalancerGrainTests.Report("1", 1, queue: 2));
        Assert.Equal(["0", "1"], _registry.TakeChanges().Changed.Select(server => server.Identity).Order());
        Assert.False(_registry.HasChanges);

        _registry.Apply(BalancerGrainTests.Report("1", 2, queue: 2));
        Assert.False(_registry.HasChanges, "its queue is the same");
        _registry.Apply(BalancerGrainTests.Report("1", 3, queue: 3));
        _registry.Apply(BalancerGrainTests.Report("0", 2, queue: 5));
        _registry.Remove(new EndedServer("0", 1));
        var (changed, left) = _registry.TakeChanges();
        Assert.Equal(("1", "0"), (Assert.Single(changed).Identity, Assert.Single(left).Identity));
    }

    [Fact]
    public void The_controller_is_told_of_changes_once_and_of_servers_that_are_not_ready_or_external_each_time()
    {
        _registry.Apply(BalancerGrainTests.Report("0", 1));
        _registry.Apply(BalancerGrainTests.Report("1", 1));
        _registry.Apply(BalancerGrainTests.Report("ext-1", 1) with { IsExternal = true });
        Assert.Equal("0 1 ext-1", ForController());
        Assert.Equal("ext-1", ForController());

        _registry.Apply(BalancerGrainTests.Report("0", 2) with { Completed = 7 });
        _registry.Apply(BalancerGrainTests.Report("1", 2));
        Assert.Equal("0 ext-1", ForController());

        _registry.Apply(BalancerGrainTests.Report("1", 3, status: ServerStatus.Stopped));
        Assert.Equal("1 ext-1", ForController());
        Assert.Equal("1 ext-1", ForController());
        _registry.Remove(new EndedServer("1", 1));
        Assert.Equal("ext-1", ForController());
    }

    private string ForController() => string.Join(' ', _registry.TakeChangesForController().Select(server => server.Identity).Order());

    [Fact]
    public void The_mean_queue_is_that_of_the_ready_servers_of_the_fleet()
    {
        Assert.Equal(0, _registry.MeanQueue);
        _registry.Apply(BalancerGrainTests.Report("0", 1, queue: 4));
        _registry.Apply(BalancerGrainTests.Report("1", 1, queue: 2));
        _registry.Apply(BalancerGrainTests.Report("ext-1", 1, queue: 100) with { IsExternal = true });
        Assert.Equal(3, _registry.MeanQueue);
        _registry.Apply(BalancerGrainTests.Report("0", 2, queue: 8));
        Assert.Equal(5, _registry.MeanQueue);
        _registry.Apply(BalancerGrainTests.Report("0", 3, queue: 8, status: ServerStatus.Draining));
        Assert.Equal(2, _registry.MeanQueue);
        _registry.Remove(new EndedServer("1", 1));
        Assert.Equal(0, _registry.MeanQueue);
    }

    [Fact]
    public void A_later_incarnation_is_not_removed_with_an_earlier_one()
    {
        Apply(sequence: 1, queue: 0, incarnation: 2);

        Assert.False(_registry.Remove(new EndedServer("0", 1)));
        Assert.Single(_registry.Reports);
        Assert.True(_registry.Remove(new EndedServer("0", 2)));
        Assert.Equal(RegistryChange.Membership, Apply(sequence: 1, queue: 0, incarnation: 3));
    }

    [Fact]
    public void The_shortest_queue_per_worker_is_ranked_first_and_draining_servers_last()
    {
        _registry.Apply(BalancerGrainTests.Report("0", 1, queue: 4));
        _registry.Apply(BalancerGrainTests.Report("1", 1, queue: 6, concurrency: 2));
        _registry.Apply(BalancerGrainTests.Report("2", 1));
        _registry.Apply(BalancerGrainTests.Report("2", 2, status: ServerStatus.Draining));
        _registry.Apply(BalancerGrainTests.Report("10", 1, queue: 1));
        _registry.Apply(BalancerGrainTests.Report("9", 1, queue: 1));

        Assert.Equal(["9", "10", "1", "0", "2"], _registry.Ranked().Select(server => server.Identity));
    }

    [Fact]
    public void A_stopped_external_server_is_removed_and_the_queue_of_external_servers_does_not_count()
    {
        var external = BalancerGrainTests.Report("ext-7", 1, queue: 1000) with { IsExternal = true };
        Assert.Equal(RegistryChange.Membership, _registry.Apply(external));
        Assert.Equal(RegistryChange.Membership, Apply(sequence: 1, queue: 4));
        Assert.Equal(4, _registry.MeanQueue);

        Assert.Equal(RegistryChange.Membership, _registry.Apply(external with { Sequence = 2, Status = ServerStatus.Failed }));
        Assert.Equal(2, _registry.Reports.Length);
        Assert.Equal(RegistryChange.Membership, _registry.Apply(external with { Sequence = 3, Status = ServerStatus.Stopped }));
        Assert.Equal(RegistryChange.None, _registry.Apply(external with { Sequence = 4 }));
        Assert.Single(_registry.Reports);
        Assert.Equal(RegistryChange.Membership, _registry.Apply(external with { Incarnation = 2 }));
    }

    [Fact]
    public void The_mean_queue_counts_only_ready_servers()
    {
        Assert.Equal(0, _registry.MeanQueue);
        _registry.Apply(BalancerGrainTests.Report("0", 1, queue: 4));
        _registry.Apply(BalancerGrainTests.Report("1", 1, queue: 1));
        _registry.Apply(BalancerGrainTests.Report("2", 1, queue: 90));
        _registry.Apply(BalancerGrainTests.Report("2", 2, queue: 90, status: ServerStatus.Failed));

        Assert.Equal(2.5, _registry.MeanQueue);
    }

    private RegistryChange Apply(long sequence, int queue, long incarnation = 1, ServerStatus status = ServerStatus.Ready) =>
        _registry.Apply(BalancerGrainTests.Report("0", sequence, queue, incarnation, status));
}
