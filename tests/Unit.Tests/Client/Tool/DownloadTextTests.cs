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
    public void Bytes_are_told_in_units_that_are_read_easily(double bytes, string text) => Assert.Equal(text, DownloadText.Bytes(bytes));

    [Fact]
    public void A_line_says_how_far_it_is_how_fast_and_how_long_it_takes() => Assert.Equal(
        "[##################------------]  60 %  6.0 MB of 10.0 MB  2.0 MB/s  2 s left",
        DownloadText.Line(new FileDownloadProgress(10_000_000, 6_000_000, 4_000_000, 0, Verifying: false), TimeSpan.FromSeconds(1)));

    [Fact]
    public void The_end_says_what_was_there_already_and_how_often_it_was_begun_anew() => Assert.Equal(
        "a.bin: 10.0 MB, 2.0 s, 3.0 MB/s, checksum compared; 4.0 MB were there already; begun anew: 1",
        DownloadText.End("a.bin", new FileDownloadProgress(10_000_000, 10_000_000, 4_000_000, 1, Verifying: true), TimeSpan.FromSeconds(2)));

    [Fact]
    public void Nothing_is_divided_by_nothing() => Assert.Equal(
        "[------------------------------]   0 %  0 B of 0 B  0 B/s", DownloadText.Line(default, TimeSpan.Zero));
}
