using Shortline.System.Tests.Processes;

namespace Shortline.System.Tests.Clustering;

/// <summary>Membership in PostgreSQL.</summary>
public sealed class PostgreSqlTests(RunningPostgres running) : ServerMembershipTests, IClassFixture<RunningPostgres>
{
    private readonly PostgresServer _postgres = running.Server;

    [Fact]
    public async Task Preparing_twice_and_by_two_at_once_is_safe_and_says_what_was_done()
    {
        await using var cluster = new TestCluster(await _postgres.NewDatabase());

        var both = await Task.WhenAll(cluster.PrepareDatabase(), cluster.PrepareDatabase());
        var again = await cluster.PrepareDatabase();

        Assert.Single(both, text => text.Contains("shortline_silo", StringComparison.Ordinal) && text.Contains("14 statements written", StringComparison.Ordinal));
        Assert.Contains("was prepared already: nothing to do.", again, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_loss_of_any_silo_is_survived_the_first_one_too_and_its_servers_come_back_elsewhere()
    {
        await using var cluster = new TestCluster(await _postgres.NewDatabase(), "--server:count=3");
        await cluster.PrepareDatabase();
        var port = FreePorts.Next();
        var first = await cluster.Silo("one");
        await Task.WhenAll(cluster.Silo("two"), cluster.Silo("three"));
        await cluster.Gateway(port);
        await cluster.AllOk(port, "--requests", "200");

        await first.Kill();

        await cluster.AllOk(port, "--requests", "200");
        cluster.AssertNoSecret();
    }

    [Fact]
    public async Task A_silo_that_was_declared_dead_while_it_stood_still_says_so_and_ends()
    {
        await using var cluster = new TestCluster(await _postgres.NewDatabase());
        await cluster.PrepareDatabase();
        await Task.WhenAll(cluster.Silo("one"), cluster.Silo("two"));
        var still = await cluster.Silo("still");
        var name = PostgresServer.NameOf(cluster.Database!);

        await still.StandStill();
        while (await _postgres.Ask(name, "SELECT count(*) FROM shortline_silo WHERE silo_name = 'still' AND status = 6") == "0")
            Assert.True(still.IsRunning, still.Describe());
        await still.GoOn();

        Assert.True(await still.WaitForExit() == 1, still.Describe());
        Assert.Contains("Silo still ends after a fatal error, usually because the other silos declared it dead", still.Error, StringComparison.Ordinal);
        Assert.Contains(
            "Silo still ends", await File.ReadAllTextAsync(cluster.PathOf("logs/silo/silo-still.log")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_not_prepared_is_told_with_the_command_that_prepares_it()
    {
        await using var cluster = new TestCluster(await _postgres.NewDatabase());
        var (silo, gateway) = (cluster.StartSilo("one"), cluster.StartGateway(FreePorts.Next()));

        foreach (var process in (ProgramProcess[])[silo, gateway])
        {
            Assert.True(await process.WaitForExit() == 1, process.Describe());
            Assert.Equal(
                "The database of the cluster is not prepared. Prepare it once: dotnet run --project Silo -- --prepare-database\n",
                process.Error);
        }
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Port={0};Database=postgres;Username=shortline;Password=s3cret-of-nobody", "refuses the user or password")]
    [InlineData("Host=127.0.0.1;Port={0};Database=nowhere;Username=shortline;Password=s3cret-of-the-tests", "no such database")]
    [InlineData("Host=127.0.0.1;Port=1;Database=postgres;Username=shortline;Password=s3cret-of-the-tests", "cannot be reached")]
    [InlineData("Host=127.0.0.1;Prot={0};Database=postgres;Username=shortline;Password=s3cret-of-the-tests", "no connection string of Npgsql")]
    public async Task A_database_that_cannot_be_used_is_told_without_the_secret(string database, string reason)
    {
        await using var cluster = new TestCluster(database.Replace("{0}", $"{_postgres.Port}", StringComparison.Ordinal), "--logs:level=trace");
        var (silo, preparation) = (cluster.StartSilo("one"), cluster.Run(ProgramFile.Silo, "--prepare-database"));

        foreach (var process in (ProgramProcess[])[silo, preparation])
        {
            Assert.True(await process.WaitForExit() == 1, process.Describe());
            Assert.Contains(reason, process.Error, StringComparison.Ordinal);
            Assert.DoesNotContain("   at ", process.Error, StringComparison.Ordinal);
        }

        cluster.AssertNoSecret();
    }

    [Fact]
    public async Task Another_application_s_database_is_left_alone()
    {
        var database = await _postgres.NewDatabase();
        var name = PostgresServer.NameOf(database);
        await _postgres.Ask(name, "CREATE TABLE OrleansQuery (QueryKey text PRIMARY KEY, QueryText text)");
        await using var cluster = new TestCluster(database);
        var preparation = cluster.Run(ProgramFile.Silo, "--prepare-database");

        Assert.True(await preparation.WaitForExit() == 1, preparation.Describe());
        Assert.Contains("another Orleans application's", preparation.Error, StringComparison.Ordinal);
        Assert.Equal("0", await _postgres.Ask(name, "SELECT count(*) FROM OrleansQuery"));
    }

    protected override Task<string> NewDatabase() => _postgres.NewDatabase();

    protected override Task KillServer() => _postgres.Kill();

    protected override Task RunServer() => _postgres.Run();
}
