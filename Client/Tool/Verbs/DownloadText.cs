using System.Text;
using Shortline.Client.Files;

namespace Shortline.Client.Tool.Verbs;

/// <summary>Formats the progress of a download.</summary>
internal static class DownloadText
{
    private const int BarWidth = 30;

    private static readonly string[] Units = ["B", "KB", "MB", "GB", "TB"];

    /// <summary>
    /// The progress: <c>[######----]  60 %  6.0 MB of 10.0 MB  2.0 MB/s  2 s left</c>. Null until the size is known: the file may not exist.
    /// </summary>
    public static string? Line(FileDownloadProgress progress, TimeSpan elapsed)
    {
        if (progress.Size == 0)
            return null;

        var share = (double)progress.Received / progress.Size;
        var rate = Rate(progress, elapsed);
        var full = (int)(share * BarWidth);
        var text = new StringBuilder($"[{new string('#', full)}{new string('-', BarWidth - full)}] {share * 100,3:F0} %  ");
        text.Append($"{Bytes(progress.Received)} of {Bytes(progress.Size)}  ");
        text.Append(progress.Verifying ? "comparing checksums" : $"{Bytes(rate)}/s");
        if (rate > 0 && !progress.Verifying)
            text.Append($"  {Duration(TimeSpan.FromSeconds((progress.Size - progress.Received) / rate))} left");
        if (progress.Restarts > 0)
            text.Append($"  begun anew: {progress.Restarts}");
        return text.ToString();
    }

    /// <summary>The summary after the download.</summary>
    public static string End(string path, FileDownloadProgress progress, TimeSpan elapsed)
    {
        var text = new StringBuilder($"{path}: {Bytes(progress.Size)}, {elapsed.TotalSeconds:F1} s, {Bytes(Rate(progress, elapsed))}/s, checksum compared");
        if (progress.Resumed > 0)
            text.Append($"; {Bytes(progress.Resumed)} were there already");
        if (progress.Restarts > 0)
            text.Append($"; begun anew: {progress.Restarts}");
        return text.ToString();
    }

    /// <summary>A number of bytes, in decimal units: <c>999 B</c>, <c>1.5 KB</c>.</summary>
    public static string Bytes(double bytes)
    {
        var unit = 0;
        while (bytes >= 1000 && unit < Units.Length - 1)
            (bytes, unit) = (bytes / 1000, unit + 1);
        return unit == 0 ? $"{bytes:F0} B" : $"{bytes:F1} {Units[unit]}";
    }

    private static double Rate(FileDownloadProgress progress, TimeSpan elapsed) =>
        elapsed > TimeSpan.Zero ? Math.Max(0, progress.Received - progress.Resumed) / elapsed.TotalSeconds : 0;

    private static string Duration(TimeSpan time) =>
        time.TotalMinutes < 1 ? $"{time.TotalSeconds:F0} s" : time.TotalHours < 1 ? $"{time.Minutes} min {time.Seconds} s" : $"{time.TotalHours:F1} h";
}
