using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using Orleans;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Runtime.MembershipService;
using Shortline.Hosting.Clustering.Sqlite;
using Shortline.Hosting.Settings.Sections;
using Shortline.Hosting.Start;

namespace Shortline.Unit.Tests.Hosting.Clustering;

/// <summary>Checks through Orleans' ADO.NET clustering provider what that provider relies on.</summary>
public sealed class SqliteMembershipTests : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("shortline-sqlite-");
    private readonly ClusterDatabase _database;

    public SqliteMembershipTests() =>
        _database = ClusterDatabase.Open(ClusterFolder.Of(new ClusterSettings { Id = "..", Folder = _parent.FullName }));

    public void Dispose() => _parent.Delete(recursive: true);

    [Fact]
    public void A_cluster_id_of_dots_stays_below_the_folder() =>
        Assert.StartsWith(_parent.FullName + Path.DirectorySeparatorChar, _database.Folder.Database, StringComparison.Ordinal);

    [Fact]
    public async Task One_of_several_writers_of_the_same_version_succeeds()
    {
        var table = await Table();
        var read = (await table.ReadAllAsync(CancellationToken.None)).Version;

        var wins = await Task.WhenAll(Enumerable.Range(1, 8).Select(port => Task.Run(() => table.InsertRowAsync(Silo(port), read.Next(), CancellationToken.None))));

        Assert.Single(wins, won => won);
        var after = await table.ReadAllAsync(CancellationToken.None);
        Assert.Single(after.Members);
        Assert.Equal(read.Version + 1, after.Version.Version);
    }

    [Fact]
    public async Task A_silo_is_not_inserted_twice()
    {
        var table = await Table();
        Assert.True(await table.InsertRowAsync(Silo(1), (await table.ReadAllAsync(CancellationToken.None)).Version.Next(), CancellationToken.None));

        Assert.False(await table.InsertRowAsync(Silo(1), (await table.ReadAllAsync(CancellationToken.None)).Version.Next(), CancellationToken.None));
    }

    [Fact]
    public async Task A_written_entry_is_read_back()
    {
        var table = await Table();
        var silo = Silo(1);
        Assert.True(await table.InsertRowAsync(silo, (await table.ReadAllAsync(CancellationToken.None)).Version.Next(), CancellationToken.None));
        silo.Status = SiloStatus.Active;
        silo.AddSuspector(Silo(2).SiloAddress, silo.StartTime);
        var listed = await table.ReadAllAsync(CancellationToken.None);
        Assert.True(await table.UpdateRowAsync(silo, listed.Members[0].Item2, listed.Version.Next(), CancellationToken.None));

        var (read, _) = Assert.Single((await table.ReadRowAsync(silo.SiloAddress, CancellationToken.None)).Members);

        Assert.Equal(SiloStatus.Active, read.Status);
        Assert.Equal(silo.SiloAddress, read.SiloAddress);
        Assert.Equal((silo.SiloName, silo.HostName, silo.ProxyPort), (read.SiloName, read.HostName, read.ProxyPort));
        Assert.Equal(silo.StartTime, read.StartTime);
        Assert.Equal(Silo(2).SiloAddress, Assert.Single(read.SuspectTimes!).Item1);
    }

    [Fact]
    public async Task An_update_increments_the_version_and_a_heartbeat_does_not()
    {
        var table = await Table();
        var silo = Silo(1);
        await table.InsertRowAsync(silo, (await table.ReadAllAsync(CancellationToken.None)).Version.Next(), CancellationToken.None);
        var before = (await table.ReadAllAsync(CancellationToken.None)).Version;
        silo.IAmAliveTime = silo.IAmAliveTime.AddSeconds(5);

        await table.UpdateIAmAliveAsync(silo, CancellationToken.None);

        var after = await table.ReadAllAsync(CancellationToken.None);
        Assert.Equal(before.Version, after.Version.Version);
        Assert.Equal(silo.IAmAliveTime, after.Members[0].Item1.IAmAliveTime);
        Assert.True(await table.UpdateRowAsync(silo, after.Members[0].Item2, after.Version.Next(), CancellationToken.None));
        Assert.False(await table.UpdateRowAsync(silo, after.Members[0].Item2, after.Version.Next(), CancellationToken.None));
    }

    [Fact]
    public async Task An_unknown_silo_has_no_entry_but_a_table_version()
    {
        var table = await Table();

        var read = await table.ReadRowAsync(Silo(1).SiloAddress, CancellationToken.None);

        Assert.Empty(read.Members);
        Assert.Equal(0, read.Version.Version);
    }

    [Fact]
    public async Task Entries_of_silos_that_died_before_the_given_time_are_removed()
    {
        var table = await Table();
        var (dead, live) = (Silo(1), Silo(2));
        dead.Status = SiloStatus.Dead;
        await table.InsertRowAsync(dead, (await table.ReadAllAsync(CancellationToken.None)).Version.Next(), CancellationToken.None);
        await table.InsertRowAsync(live, (await table.ReadAllAsync(CancellationToken.None)).Version.Next(), CancellationToken.None);

        await table.CleanupDefunctSiloEntriesAsync(new DateTimeOffset(dead.IAmAliveTime.AddSeconds(1), TimeSpan.Zero), CancellationToken.None);

        Assert.Equal(live.SiloAddress, Assert.Single((await table.ReadAllAsync(CancellationToken.None)).Members).Item1.SiloAddress);
    }

    [Fact]
    public async Task A_silo_whose_process_has_ended_is_marked_dead_in_a_new_version()
    {
        var table = await Table();
        var run = new SiloRun(11111, 7);
        await table.InsertRowAsync(Silo(11111), (await table.ReadAllAsync(CancellationToken.None)).Version.Next(), CancellationToken.None);
        var before = (await table.ReadAllAsync(CancellationToken.None)).Version.Version;

        Assert.True(_database.Knows(run));
        Assert.Equal(7, _database.HighestGeneration(11111));
        _database.MarkDead(run);
        _database.MarkDead(run);

        var after = await table.ReadAllAsync(CancellationToken.None);
        Assert.Equal(SiloStatus.Dead, Assert.Single(after.Members).Item1.Status);
        Assert.Equal(before + 1, after.Version.Version);
    }

    [Fact]
    public void A_database_of_a_newer_version_is_refused()
    {
        using (var connection = _database.Source.OpenConnection())
        using (var command = connection.CreateCommand())
        {
            command.CommandText = $"PRAGMA user_version = {SqliteTables.Version + 1}";
            command.ExecuteNonQuery();
        }

        var failure = Assert.Throws<StartFailedException>(() => ClusterDatabase.Open(_database.Folder));

        Assert.Contains("newer Shortline", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_lock_shows_whether_its_holder_is_alive()
    {
        var locks = _database.Folder.Locks;
        var run = new SiloRun(1, 2);
        Assert.False(locks.IsGone(run)); // Without a lock file the silo is not known to be gone.

        using (locks.Hold(run))
            Assert.False(locks.IsGone(run));

        Assert.True(locks.IsGone(run));
        Assert.Equal([run], locks.All());
        locks.Remove(run);
        Assert.Empty(locks.All());
    }

    private static MembershipEntry Silo(int port) => new()
    {
        SiloAddress = SiloAddress.New(IPAddress.Loopback, port, 7),
        SiloName = $"silo {port}",
        HostName = "here",
        Status = SiloStatus.Joining,
        ProxyPort = 30_000 + port,
        StartTime = new DateTime(2026, 11, 29, 1, 2, 3, 450, DateTimeKind.Utc),
        IAmAliveTime = new DateTime(2026, 11, 29, 1, 2, 3, 450, DateTimeKind.Utc),
    };

    private async Task<AdoNetClusteringTable> Table()
    {
        var table = new AdoNetClusteringTable(
            new ServiceCollection().BuildServiceProvider(),
            Options.Create(new ClusterOptions { ClusterId = "one", ServiceId = "one" }),
            Options.Create(new AdoNetClusteringSiloOptions { Invariant = "System.Data.SQLite", DataSource = _database.Source }),
            NullLogger<AdoNetClusteringTable>.Instance);
        await table.InitializeMembershipTableAsync(tryInitTableVersion: true, CancellationToken.None);
        return table;
    }
}
