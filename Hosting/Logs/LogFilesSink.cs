using System.Text;
using Serilog;
using Serilog.Configuration;
using Serilog.Core;
using Serilog.Events;

namespace Shortline.Hosting;

/// <summary>
/// Writes each line to the file of its category with Serilog's file sink, which is open only during the write: any number of files costs no
/// open handles, people may move or delete them, and several processes may share them.
/// </summary>
/// <remarks>
/// Serilog's own rolling does not fit one file per client and server. It compiles a regular expression and searches the folder for every file
/// that it opens (6 ms each, measured with 5000 files), tries a file that could not be opened again only after 30 minutes, and locks a shared
/// file only between processes of one login session.
/// </remarks>
internal sealed class LogFilesSink(LogSettings settings, string processCategory, LogLossNotice losses) : ILogEventSink, IDisposable
{
    private readonly string _folder = Path.GetFullPath(settings.Directory);
    private readonly string _processFile = LogFileName.Of(processCategory)
        ?? throw new ArgumentException($"The category '{processCategory}' has no log file. Use one of LogCategories.", nameof(processCategory));

    private readonly LogFolderLock _lock = new(Path.GetFullPath(settings.Directory));
    private readonly StringBuilder _text = new(200);

    /// <summary>Writes one line. Called by one thread at a time; a failure is counted and does not throw.</summary>
    public void Emit(LogEvent logEvent)
    {
        var path = Path.Combine(_folder, LogFileName.Of(LineText.CategoryOf(logEvent)) ?? _processFile);
        _text.Clear();
        FileLines.Append(_text, logEvent);
        var locked = _lock.Enter();
        try
        {
            Append(path, logEvent, FileLines.Utf8Length(_text));
        }
        finally
        {
            if (locked)
                _lock.Exit();
        }
    }

    public void Dispose() => _lock.Dispose();

    private void Append(string path, LogEvent logEvent, int bytes)
    {
        var end = -1L;
        try
        {
            end = RolledFile.MakeRoom(path, bytes, settings.FileSizeLimit, settings.FilesKept);
            var file = LoggerSinkConfiguration.CreateSink(to => to.File(FileLines.Instance, path, fileSizeLimitBytes: null));
            using (file as IDisposable)
                file.Emit(logEvent);
            losses.Written(path);
        }
        catch (Exception exception)
        {
            // Whatever the reason, a log file must never make anything else fail.
            RolledFile.CutAt(path, end);
            losses.NotWritten(path, exception);
        }
    }
}
