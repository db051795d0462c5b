using Shortline.System.Tests.Processes;

namespace Shortline.System.Tests.Loss;

/// <summary>Silos with two versions of the contracts in one cluster. The later version has an additional field in every record.</summary>
[Collection(nameof(ManyProcesses))]
public sealed class RollingUpgradeTests
{
    [Fact]
    public async Task A_silo_of_the_next_version_joins_works_and_takes_over()
    {
        await using var cluster = await Cluster.Start(silos: 2);
        var next = NextVersion(cluster);
        using var load = new SteadyLoad(cluster);
        await load.Survives(
            async () =>
            {
                // First beside the old silos, then in place of the one that hosts the controller.
                await cluster.StartSilo(next);
                await cluster.End(cluster.ControllerSilo);
                await cluster.StartSilo(next);
            },
            mayLose: 0);
    }

    /// <summary>Makes a copy of the silo with the next version's contracts.</summary>
    private static string NextVersion(Cluster cluster)
    {
        var folder = Directory.CreateDirectory(cluster.PathOf("next")).FullName;
        var program = Path.GetDirectoryName(ProgramFile.CountingSilo)!;
        foreach (var file in Directory.EnumerateFiles(program, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(program, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }

        File.Copy(ProgramFile.NextContracts, Path.Combine(folder, Path.GetFileName(ProgramFile.NextContracts)), overwrite: true);
        return Path.Combine(folder, Path.GetFileName(ProgramFile.CountingSilo));
    }
}
