using System.Buffers;
using System.Text;
using System.Threading.Channels;

namespace Shortline.Hosting;

/// <summary>
/// Writes the log files, in the background and in batches: nobody who logs waits for a disk or gets its exceptions. What cannot be
/// written is counted, and told on standard error.
/// </summary>
internal sealed class LogFileWriter : IDisposable
{
    // Some megabytes at most, of lines that are usually 150 characters.
    private const int QueueLimit = 4096;
    private const int LongestWrite = 64 * 1024;

    private static readonly TimeSpan CloseLimit = TimeSpan.FromSeconds(5);

    private readonly Channel<(string File, string Line)> _queue = Channel.CreateBounded<(string File, string Line)>(
        new BoundedChannelOptions(QueueLimit) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly string _folder;
    private readonly LogSettings _settings;
    private readonly LogLossNotice _losses;
    private readonly LogFolderLock _lock;
    private readonly Dictionary<string, ArrayBufferWriter<byte>> _batch = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _lines = new(StringComparer.Ordinal);
    private readonly Task _writing;

    public LogFileWriter(LogSettings settings, LogLossNotice losses)
    {
        _folder = Path.GetFullPath(settings.Directory);
        _settings = settings;
        _losses = losses;
        _lock = new LogFolderLock(_folder);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>Takes a line for a file below the folder. Never waits.</summary>
    public void Enqueue(string file, string line)
    {
        // False also once it is closed: what is logged after the end is lost like any other line.
        if (!_queue.Writer.TryWrite((file, line)))
            _losses.QueueFull();
    }

    /// <summary>Writes what was taken until now and ends.</summary>
    public void Dispose()
    {
        if (!_queue.Writer.TryComplete())
            return;
        if (_writing.Wait(CloseLimit))
            _lock.Dispose();
        _losses.Close();
    }

    private async Task WriteAsync()
    {
        while (await _queue.Reader.WaitToReadAsync())
        {
            _lock.Hold(WriteBatch);
            _batch.Clear();
            _lines.Clear();
        }
    }

    private void WriteBatch()
    {
        for (var taken = 0; taken < QueueLimit && _queue.Reader.TryRead(out var entry); taken++)
        {
            if (!_batch.TryGetValue(entry.File, out var text))
                _batch[entry.File] = text = new ArrayBufferWriter<byte>(entry.Line.Length * 2);
            var longest = text.WrittenCount + Encoding.UTF8.GetMaxByteCount(entry.Line.Length);
            if (text.WrittenCount > 0 && longest > Math.Min(LongestWrite, _settings.FileSizeLimit))
                Flush(entry.File, text);
            Encoding.UTF8.GetBytes(entry.Line, text);
            _lines[entry.File] = _lines.GetValueOrDefault(entry.File) + 1;
        }

        foreach (var (file, text) in _batch)
            Flush(file, text);
    }

    private void Flush(string file, ArrayBufferWriter<byte> text)
    {
        var path = Path.Combine(_folder, file);
        try
        {
            RolledFile.Append(path, text.WrittenSpan, _settings.FileSizeLimit, _settings.FilesKept);
            _losses.Written(path);
        }
        catch (Exception exception)
        {
            // Whatever it is, a log file is never a reason for anything else to fail.
            _losses.NotWritten(path, _lines[file], exception);
        }

        _lines[file] = 0;
        text.ResetWrittenCount();
    }
}
