using Shortline.Client.Files;
using Shortline.Client.Tool.Verbs;

namespace Shortline.Unit.Tests.Client.Tool;

public sealed class DownloadTextTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1500, "1.5 KB")]
    [InlineData(2_000_000_000, "2.0 GB")]
    [InlineData(3e15, "3000.0 TB")]
    public void Bytes_are_written_in_the_largest_suitable_unit(double bytes, string text) => Assert.Equal(text, DownloadText.Bytes(bytes));

    [Fact]
    public void The_progress_line_has_share_bytes_speed_and_time_left() => Assert.Equal(
        "[##################------------]  60 %  6.0 MB of 10.0 MB  2.0 MB/s  2 s left",
        DownloadText.Line(new FileDownloadProgress(10_000_000, 6_000_000, 4_000_000, 0, Verifying: false), TimeSpan.FromSeconds(1)));

    [Fact]
    public void The_last_line_has_the_resumed_bytes_and_the_number_of_restarts() => Assert.Equal(
        "a.bin: 10.0 MB, 2.0 s, 3.0 MB/s, checksum compared; 4.0 MB were there already; begun anew: 1",
        DownloadText.End("a.bin", new FileDownloadProgress(10_000_000, 10_000_000, 4_000_000, 1, Verifying: true), TimeSpan.FromSeconds(2)));

    /// <summary>Nothing is shown of a file that does not exist, however long the answer takes.</summary>
    [Fact]
    public void There_is_no_progress_line_before_the_size_is_known() => Assert.Null(DownloadText.Line(default, TimeSpan.FromSeconds(10)));
}
