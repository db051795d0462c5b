using Shortline.System.Tests.Processes;

namespace Shortline.System.Tests.Clustering;

/// <summary>Membership in Redis.</summary>
public sealed class RedisTests(RunningRedis running) : ServerMembershipTests, IClassFixture<RunningRedis>
{
    private readonly RedisServer _redis = running.Server;

    [Fact]
    public async Task Silos_end_with_a_message_when_Redis_comes_back_empty_and_a_restart_of_them_is_enough()
    {
        await using var redis = await RedisServer.Start(persistent: false);
        await using var cluster = new TestCluster(redis.ConnectionString);
        var port = FreePorts.Next();
        var silos = await Task.WhenAll(cluster.Silo("one"), cluster.Silo("two"));
        await cluster.Gateway(port);
        await silos[0].WaitForLine("Redis does not persist its data: appendonly is no and save is empty.");

        await redis.Kill();
        await redis.Run();

        foreach (var silo in silos)
        {
            Assert.True(await silo.WaitForExit() == 1, silo.Describe());
            Assert.Contains("The database of the cluster has lost the entry of silo", silo.Error, StringComparison.Ordinal);
        }

        await cluster.Silo("three");
        await cluster.AllOk(port, "--requests", "50");
    }

    [Fact]
    public async Task Clusters_with_different_ids_in_one_Redis_do_not_see_each_other()
    {
        await using var one = new TestCluster(_redis.ConnectionString);
        await using var other = new TestCluster(_redis.ConnectionString);
        await Task.WhenAll(one.Silo("one"), other.Silo("other"));

        foreach (var (cluster, member, stranger) in ((TestCluster, string, string)[])[(one, "one", "other"), (other, "other", "one")])
        {
            var members = await _redis.Query("HVALS", $"{cluster.Id}/members/{cluster.Id}");
            Assert.Contains($"\"SiloName\":\"{member}\"", members, StringComparison.Ordinal);
            Assert.DoesNotContain($"\"SiloName\":\"{stranger}\"", members, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("127.0.0.1:{0},password=s3cret-of-nobody", "Redis refuses the user or password of cluster.connection_string")]
    [InlineData("127.0.0.1:{0}", "Redis refuses the user or password of cluster.connection_string")]
    [InlineData("127.0.0.1:1,password=s3cret-of-the-tests", "Redis cannot be reached at the address in cluster.connection_string")]
    [InlineData("127.0.0.1:{0},pasword=s3cret-of-the-tests", "cluster.connection_string is not a connection string of StackExchange.Redis")]
    public async Task A_Redis_that_cannot_be_used_is_reported_in_one_message_without_the_secret(string database, string reason)
    {
        await using var cluster = new TestCluster(database.Replace("{0}", $"{_redis.Port}", StringComparison.Ordinal), "--logs:level=trace");
        var (silo, gateway) = (cluster.StartSilo("one"), cluster.StartGateway(FreePorts.Next()));

        foreach (var process in (ProgramProcess[])[silo, gateway])
        {
            Assert.True(await process.WaitForExit() == 1, process.Describe());
            Assert.Contains(reason, process.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", process.Error, StringComparison.Ordinal);
        }

        cluster.AssertNoSecret();
    }

    [Fact]
    public async Task Preparation_has_nothing_to_do()
    {
        await using var cluster = new TestCluster(_redis.ConnectionString);

        Assert.Contains("there is nothing to prepare", await cluster.PrepareDatabase(), StringComparison.Ordinal);
    }

    protected override Task<string> NewDatabase() => Task.FromResult(_redis.ConnectionString);

    protected override Task KillServer() => _redis.Kill();

    protected override Task RunServer() => _redis.Run();
}
