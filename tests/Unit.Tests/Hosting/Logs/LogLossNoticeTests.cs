using Microsoft.Extensions.Logging;
using Shortline.Hosting.Logs;
using Shortline.Unit.Tests.Time;

namespace Shortline.Unit.Tests.Hosting.Logs;

public sealed class LogLossNoticeTests : IDisposable
{
    private readonly LogFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_that_cannot_be_written_is_reported_once_with_a_hint_and_the_number_of_lost_lines()
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
        var notice = _folder.Error;
        Assert.Contains("Log files cannot be written: ", notice, StringComparison.Ordinal);
        Assert.Contains("--logs:directory FOLDER", notice, StringComparison.Ordinal);
        Assert.Contains("100 ", notice, StringComparison.Ordinal);
        Assert.InRange(notice.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length, 1, 2); // The fault, and the final count.
    }

    [Fact]
    public void A_full_disk_is_reported_without_an_exception()
    {
        if (!File.Exists("/dev/full"))
            return; // Only Linux has this device, which is always full.
        Directory.CreateDirectory(_folder.PathOf("silo"));
        File.CreateSymbolicLink(_folder.PathOf("silo/silo-one.log"), "/dev/full");

        using (var provider = _folder.Open())
            provider.CreateLogger("Any").LogInformation("lost");

        Assert.Contains("No space left on device", _folder.Error, StringComparison.Ordinal);
        Assert.Contains("1 lines are lost so far", _folder.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_number_of_lost_lines_is_reported_when_the_folder_can_be_written_again()
    {
        File.WriteAllText(_folder.PathOf("silo"), "no folder");
        using var provider = _folder.Open();
        var logger = provider.CreateLogger("Any");
        logger.LogInformation("lost");
        await Eventually.True(() => provider.LinesLost == 1, "the lost line is counted");

        File.Delete(_folder.PathOf("silo"));
        logger.LogInformation("written");

        await Eventually.True(
            () => _folder.Error.Contains("Log files are written again; 1 lines were lost.", StringComparison.Ordinal), "the end of the loss is reported");
        Assert.EndsWith("written", Assert.Single(_folder.Lines("silo/silo-one.log")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_loss_is_reported_again_after_a_minute()
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

        await Eventually.True(() => Notices() == 2, () => $"the loss is reported twice, but was reported {Notices()} times");

        int Notices() => _folder.Error.Split("Log files cannot be written").Length - 1;
    }
}
