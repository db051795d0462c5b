using System.Text;
using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;
using Serilog.Sinks.Async;
using Shortline.Hosting.Settings.Sections;

namespace Shortline.Hosting.Logs;

/// <summary>
/// Writes each line to the file of its category with Serilog's file sink. A file is open only while consecutive lines are written to it:
/// any number of files costs one open handle, people may move or delete them, and several processes may share them.
/// </summary>
/// <remarks>
/// Serilog's own rolling does not fit one file per client and server. It compiles a regular expression and searches the folder for every
/// file that it opens (6 ms each, measured with 5000 files), tries a file that could not be opened again only after 30 minutes, and locks a
/// shared file only between processes of one login session.
/// </remarks>
internal sealed class LogFilesSink(LogSettings settings, string processCategory, LogLossNotice losses)
    : ILogEventSink, IAsyncLogEventSinkMonitor, IDisposable
{
    // Other processes wait for the folder until this many lines are written.
    private const int LongestBatch = 1000;

    private readonly string _folder = Path.GetFullPath(settings.Directory);
    private readonly string _processFile = LogFileName.Of(processCategory)
        ?? throw new ArgumentException($"The category '{processCategory}' has no log file. Use one of LogCategories.", nameof(processCategory));

    private readonly LogFolderLock _lock = new(Path.GetFullPath(settings.Directory));
    private readonly StringBuilder _text = new(200);
    private volatile IAsyncLogEventSinkInspector? _queue;

    // The rest belongs to the thread that calls Emit. A batch begins with the lock and ends when the queue is empty.
    private bool _locked;
    private int _batch;
    private ILogEventSink? _file;
    private string _path = "";
    private long _length;

    /// <summary>Writes one line. Always called by the same thread; a failure is counted and does not throw.</summary>
    public void Emit(LogEvent logEvent)
    {
        var path = Path.Combine(_folder, LogFileName.Of(LineText.CategoryOf(logEvent)) ?? _processFile);
        if (_batch++ == 0)
            _locked = _lock.Enter();
        try
        {
            Write(path, logEvent);
            losses.Written(path);
        }
        catch (Exception exception)
        {
            // Whatever the reason, a log file must never make anything else fail.
            Close();
            RolledFile.CutAt(path, _length);
            losses.NotWritten(path, exception);
        }

        if (_batch >= LongestBatch || _queue is not { Count: > 0 })
            EndBatch();
    }

    public void StartMonitoring(IAsyncLogEventSinkInspector inspector) => _queue = inspector;

    public void StopMonitoring(IAsyncLogEventSinkInspector inspector)
    {
        // The queue is empty by now, so no file is open.
    }

    public void Dispose() => _lock.Dispose();

    private void Write(string path, LogEvent logEvent)
    {
        // The file needs room for the line before it is opened, so the line is formatted here and once more by Serilog.
        _text.Clear();
        FileLines.Append(_text, logEvent);
        var bytes = FileLines.Utf8Length(_text);
        if (_file is null || !string.Equals(path, _path, StringComparison.Ordinal) || _length + bytes > settings.FileSizeLimit)
        {
            Close();
            (_path, _length) = (path, -1);
            _length = RolledFile.MakeRoom(path, bytes, settings.FileSizeLimit, settings.FilesKept);
            _file = LoggerSinkConfiguration.CreateSink(to => to.File(FileLines.Instance, path, fileSizeLimitBytes: null));
        }

        _file.Emit(logEvent);
        _length += bytes;
    }

    private void EndBatch()
    {
        _batch = 0;
        Close();
        if (_locked)
            _lock.Exit();
    }

    private void Close()
    {
        try
        {
            (_file as IDisposable)?.Dispose();
        }
        catch (IOException)
        {
            // Every line was flushed when it was written. What is left is the line whose failure is reported already.
        }

        _file = null;
    }
}
