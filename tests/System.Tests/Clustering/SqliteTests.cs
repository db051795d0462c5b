using Microsoft.Data.Sqlite;
using Shortline.System.Tests.Processes;

namespace Shortline.System.Tests.Clustering;

/// <summary>The default membership: silos and gateways of one machine share a SQLite file.</summary>
public sealed class SqliteTests
{
    [Fact]
    public async Task A_cluster_serves_again_when_silos_start_after_all_others_were_killed()
    {
        await using var cluster = new TestCluster(null, "--server:count=2");
        var port = FreePorts.Next();
        ProgramProcess[] silos = [await cluster.Silo("one"), await cluster.Silo("two"), await cluster.Silo("three")];
        await cluster.Gateway(port);
        await cluster.AllOk(port, "--requests", "50");
        await Task.WhenAll(silos.Select(silo => silo.Kill()));

        // Three at once: they join one after the other, and each finds the same three dead.
        await Task.WhenAll(cluster.Silo("four"), cluster.Silo("five"), cluster.Silo("six"));

        await cluster.AllOk(port, "--requests", "50");
        Assert.Equal("3", Query(cluster, "SELECT count(*) FROM shortline_silo WHERE status = 3"));
        Assert.Equal("3", Query(cluster, "SELECT count(*) FROM shortline_silo WHERE status = 6"));
    }

    [Fact]
    public async Task A_silo_that_was_declared_dead_while_it_was_paused_ends_with_a_message()
    {
        await using var cluster = new TestCluster();
        await cluster.Silo("one");
        var paused = await cluster.Silo("paused");

        await paused.Pause();
        await cluster.WaitUntil(
            () => Task.FromResult(Query(cluster, "SELECT count(*) FROM shortline_silo WHERE silo_name = 'paused' AND status = 6") == "1"),
            "the paused silo is declared dead");

        await paused.Resume();

        Assert.True(await paused.WaitForExit() == 1, paused.Describe());
        Assert.Contains("Silo paused ends after a fatal error, usually because the other silos declared it dead", paused.Error, StringComparison.Ordinal);
        Assert.Contains("Silo paused ends", await File.ReadAllTextAsync(cluster.PathOf("logs/silo/silo-paused.log")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Clusters_with_different_ids_do_not_see_each_other()
    {
        await using var cluster = new TestCluster();
        var other = $"{cluster.Id}-other";
        await Task.WhenAll(cluster.Silo("one"), cluster.Silo("two", $"--cluster:id={other}"));

        Assert.Equal("one", Query(cluster, "SELECT group_concat(silo_name) FROM shortline_silo"));
        Assert.Equal("two", Query(cluster, "SELECT group_concat(silo_name) FROM shortline_silo", other));
    }

    [Fact]
    public async Task The_size_of_the_fleet_outlives_all_silos()
    {
        await using var cluster = new TestCluster();
        var silo = await cluster.Silo("one", "--server:count=3");
        await silo.WaitForLine("server 2 is started");
        await silo.Terminate();
        Assert.True(await silo.WaitForExit() == 0, silo.Describe());

        var again = await cluster.Silo("two", "--server:count=1");

        await again.WaitForLine("server 2 is started");
    }

    [Theory]
    [InlineData("Silo")]
    [InlineData("Gateway")]
    public async Task A_folder_that_cannot_be_made_is_reported_in_one_message(string program)
    {
        await using var cluster = new TestCluster();
        await File.WriteAllTextAsync(cluster.ClusterFolder, "a file where the folder should be");

        var process = program == "Silo" ? cluster.StartSilo("one") : cluster.StartGateway(FreePorts.Next());

        await AssertMessage(process, $"The folder {cluster.FolderOf()} cannot be used: ", "cluster.folder");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(4096)]
    public async Task A_damaged_file_is_reported_in_one_message(int offset)
    {
        await using var cluster = new TestCluster();
        var silo = await cluster.Silo("one");
        await silo.Terminate();
        Assert.True(await silo.WaitForExit() == 0, silo.Describe());
        Query(cluster, "PRAGMA wal_checkpoint(TRUNCATE)");
        await using (var file = File.OpenWrite(cluster.DatabaseOf()))
        {
            file.Position = offset;
            file.Write("this is not what SQLite wrote here, and it is longer than a header"u8);
        }

        await AssertMessage(cluster.StartSilo("two"), $"The cluster's file {cluster.DatabaseOf()} is damaged.", $"remove the folder {cluster.FolderOf()}");
    }

    [Fact]
    public async Task A_full_disk_is_reported_at_the_start_and_by_running_silos()
    {
        if (!SmallDisk.CanMount)
            return; // Only root may mount a disk. CI runs as root.
        await using var cluster = new TestCluster();
        using var disk = new SmallDisk(cluster.PathOf("disk"), 2_000_000);
        string[] onDisk = [$"--cluster:folder={disk.Path}"];
        var silo = await cluster.Silo("one", onDisk);
        disk.Fill();

        await silo.WaitForLine($"The disk of the cluster's file {disk.Path}/cluster-{cluster.Id}/members.db is full. Free some space");
        await AssertMessage(cluster.StartSilo("two", onDisk), "is full. Free some space, or choose a folder on another disk: cluster.folder.");

        disk.MakeRoom();
        await silo.WaitForLine("can be written again");
        await cluster.Silo("three", onDisk);
    }

    [Fact]
    public async Task A_silo_does_not_form_a_second_cluster_when_the_file_of_the_first_was_removed()
    {
        await using var cluster = new TestCluster();
        var silo = await cluster.Silo("one");
        foreach (var file in Directory.EnumerateFiles(cluster.FolderOf(), "members.db*"))
            File.Delete(file);

        await AssertMessage(cluster.StartSilo("two"), $"The cluster's file {cluster.DatabaseOf()} was removed or replaced while silos run");
        await silo.WaitForLine("End all silos of cluster");
    }

    private static async Task AssertMessage(ProgramProcess process, params string[] parts)
    {
        Assert.True(await process.WaitForExit() == 1, process.Describe());
        foreach (var part in parts)
            Assert.Contains(part, process.Error, StringComparison.Ordinal);
        Assert.Single(process.Error.TrimEnd('\n').Split('\n'));
    }

    private static string Query(TestCluster cluster, string sql, string? id = null)
    {
        using var connection = new SqliteConnection($"Data Source={cluster.DatabaseOf(id)};Mode=ReadWrite;Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return $"{command.ExecuteScalar()}";
    }
}
