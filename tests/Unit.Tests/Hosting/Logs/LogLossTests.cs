using Microsoft.Extensions.Logging;
using Shortline.Hosting.Logs;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Hosting.Logs;

public sealed class LogLossTests : IDisposable
{
    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_that_is_a_file_is_told_once_with_what_to_do_and_the_lines_are_counted()
    {
        File.WriteAllText(_folder.PathOf("silo"), "no folder");
        using (var provider = _folder.Open())
        {
            var logger = provider.CreateLogger("Any");
            for (var i = 0; i < 100; i++)
                logger.LogInformation("lost");
            provider.CreateLogger(LogCategories.Server("3")).LogInformation("written");
        }

        Assert.Single(_folder.Lines("servers/server-3.log"));
        var told = _folder.Error;
        Assert.Contains("Log files cannot be written: ", told, StringComparison.Ordinal);
        Assert.Contains("--logs:directory FOLDER", told, StringComparison.Ordinal);
        Assert.Contains("100 ", told, StringComparison.Ordinal);
        Assert.InRange(told.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, 1, 2); // The fault, and the final count.
    }

    [Fact]
    public void A_full_disk_harms_nobody()
    {
        if (!File.Exists("/dev/full"))
            return; // A device that is always full, on Linux alone.
        Directory.CreateDirectory(_folder.PathOf("silo"));
        File.CreateSymbolicLink(_folder.PathOf("silo/silo-one.log"), "/dev/full");

        using (var provider = _folder.Open())
            provider.CreateLogger("Any").LogInformation("lost");

        Assert.Contains("No space left on device", _folder.Error, StringComparison.Ordinal);
        Assert.Contains("1 lines are lost so far", _folder.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_it_can_be_written_again_it_is_and_the_loss_is_told()
    {
        File.WriteAllText(_folder.PathOf("silo"), "no folder");
        using var provider = _folder.Open();
        var logger = provider.CreateLogger("Any");
        logger.LogInformation("lost");
        await Eventually.True(() => provider.LinesLost == 1, "the lost line is counted");

        File.Delete(_folder.PathOf("silo"));
        logger.LogInformation("written");

        await Eventually.True(
            () => _folder.Error.Contains("Log files are written again; 1 lines were lost.", StringComparison.Ordinal), "the end of the loss is told");
        Assert.EndsWith("written", Assert.Single(_folder.Lines("silo/silo-one.log")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task While_it_lasts_it_is_told_again_each_minute()
    {
        File.WriteAllText(_folder.PathOf("silo"), "no folder");
        using var provider = _folder.Open();
        var logger = provider.CreateLogger("Any");
        for (var line = 1; line <= 3; line++)
        {
            logger.LogInformation("lost");
            await Eventually.True(() => provider.LinesLost == line, $"line {line} is counted");
            if (line == 2)
                _folder.Time.Advance(TimeSpan.FromMinutes(1));
        }

        await Eventually.True(() => Told() == 2, () => $"told twice, but was {Told()} times");

        int Told() => _folder.Error.Split("Log files cannot be written").Length - 1;
    }
}
