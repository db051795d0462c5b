namespace Shortline.System.Tests.Silo;

/// <summary>What the local engine does not have is told with the way to it.</summary>
public sealed class DatabaseTests
{
    [Theory]
    [InlineData("Silo")]
    [InlineData("Gateway")]
    public async Task Membership_in_a_database_needs_Orleans(string program)
    {
        await using var cluster = new TestCluster("Host=db;Password=s3cret");
        var process = program == "Silo" ? cluster.StartSilo("one") : cluster.StartGateway(FreePorts.Next());

        Assert.True(await process.WaitForExit() == 1, process.Describe());
        Assert.StartsWith("cluster.membership = postgresql needs Orleans", process.Error, StringComparison.Ordinal);
        Assert.Contains("-p:Engine=Orleans", process.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("s3cret", process.Describe(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task And_so_does_preparing_one()
    {
        await using var cluster = new TestCluster("Host=db;Password=s3cret");
        var preparation = cluster.Run(ProgramFile.Silo, "--prepare-database");

        Assert.True(await preparation.WaitForExit() == 1, preparation.Describe());
        Assert.Contains("--prepare-database needs Orleans", preparation.Error, StringComparison.Ordinal);
    }
}
