using Shortline.System.Tests.Processes;

namespace Shortline.System.Tests.Clustering;

/// <summary>Membership in PostgreSQL.</summary>
public sealed class PostgreSqlTests(RunningPostgres running) : ServerMembershipTests, IClassFixture<RunningPostgres>
{
    private readonly PostgresServer _postgres = running.Server;

    [Fact]
    public async Task Preparation_by_two_processes_at_once_and_again_is_safe_and_reports_what_it_did()
    {
        await using var cluster = new TestCluster(await _postgres.NewDatabase());

        var both = await Task.WhenAll(cluster.PrepareDatabase(), cluster.PrepareDatabase());
        var again = await cluster.PrepareDatabase();

        Assert.Single(both, text => text.Contains("shortline_silo", StringComparison.Ordinal) && text.Contains("14 statements written", StringComparison.Ordinal));
        Assert.Contains("was prepared already: nothing to do.", again, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_cluster_survives_the_loss_of_its_first_silo()
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
    public async Task A_silo_that_was_declared_dead_while_it_was_paused_ends_with_a_message()
    {
        await using var cluster = new TestCluster(await _postgres.NewDatabase());
        await cluster.PrepareDatabase();
        await Task.WhenAll(cluster.Silo("one"), cluster.Silo("two"));
        var paused = await cluster.Silo("paused");
        var name = PostgresServer.NameOf(cluster.Database!);

        await paused.Pause();
        await cluster.WaitUntil(
            async () => await _postgres.Query(name, "SELECT count(*) FROM shortline_silo WHERE silo_name = 'paused' AND status = 6") == "1",
            "the paused silo is declared dead");
        await paused.Resume();

        Assert.True(await paused.WaitForExit() == 1, paused.Describe());
        Assert.Contains("Silo paused ends after a fatal error, usually because the other silos declared it dead", paused.Error, StringComparison.Ordinal);
        Assert.Contains(
            "Silo paused ends", await File.ReadAllTextAsync(cluster.PathOf("logs/silo/silo-paused.log")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Silo_and_gateway_name_the_command_that_prepares_the_database()
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
    [InlineData("Host=127.0.0.1;Prot={0};Database=postgres;Username=shortline;Password=s3cret-of-the-tests", "not a connection string of Npgsql")]
    public async Task A_database_that_cannot_be_used_is_reported_without_the_secret(string database, string reason)
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
    public async Task Preparation_leaves_the_database_of_another_application_alone()
    {
        var database = await _postgres.NewDatabase();
        var name = PostgresServer.NameOf(database);
        await _postgres.Query(name, "CREATE TABLE OrleansQuery (QueryKey text PRIMARY KEY, QueryText text)");
        await using var cluster = new TestCluster(database);
        var preparation = cluster.Run(ProgramFile.Silo, "--prepare-database");

        Assert.True(await preparation.WaitForExit() == 1, preparation.Describe());
        Assert.Contains("another Orleans application's", preparation.Error, StringComparison.Ordinal);
        Assert.Equal("0", await _postgres.Query(name, "SELECT count(*) FROM OrleansQuery"));
    }

    protected override Task<string> NewDatabase() => _postgres.NewDatabase();

    protected override Task KillServer() => _postgres.Kill();

    protected override Task RunServer() => _postgres.Run();
}
