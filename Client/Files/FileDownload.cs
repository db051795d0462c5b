namespace Shortline.Client;

/// <summary>
/// Downloads one file, in constant memory, to <c>PATH.part</c>, which gets its name when the checksum is right: over UDP in chunks, several at once;
/// else as a stream from a server's own port, and from another server when that one ends. A download that was stopped or killed leaves <c>PATH.part</c> and <c>PATH.part.json</c>, and the next one goes on there, if the file is still
/// the same by size and time. A file that changes meanwhile is begun anew, a few times.
/// </summary>
/// <remarks>One instance is for one download. <see cref="Progress"/> may be read by any thread at any time.</remarks>
public sealed class FileDownload
{
    /// <summary>Times that a file may change while it is downloaded.</summary>
    private const int MaxRestarts = 5;

    private readonly RemoteFiles _files;
    private readonly IFileFetch _fetch;
    private readonly string _name;
    private readonly string _path;
    private readonly FileDownloadOptions _options;

    // Written by the download alone, the bytes by those that bring them.
    private long _size;
    private long _received;
    private long _resumed;
    private int _restarts;
    private volatile bool _verifying;

    /// <summary>Prepares a download; nothing happens yet.</summary>
    /// <param name="files">Where from.</param>
    /// <param name="name">The file's name within <c>server.file_root</c>, such as <c>notes/today.txt</c>.</param>
    /// <param name="path">The path to write.</param>
    /// <param name="options">How; the defaults if null.</param>
    public FileDownload(RemoteFiles files, string name, string path, FileDownloadOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(files);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentException.ThrowIfNullOrEmpty(path);
        _options = options ?? new FileDownloadOptions();
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.Window, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_options.Window, 64, nameof(options));
        ArgumentOutOfRangeException.ThrowIfLessThan(_options.ChunkSize, 1, nameof(options));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(_options.ChunkSize, 43_008, nameof(options));
        _files = files;
        _fetch = files.Fetch(name, _options);
        _name = name;
        _path = Path.GetFullPath(path);
    }

    /// <summary>How far it is.</summary>
    public FileDownloadProgress Progress =>
        new(Volatile.Read(ref _size), Volatile.Read(ref _received), Volatile.Read(ref _resumed), Volatile.Read(ref _restarts), _verifying);

    /// <summary>Downloads the file. What is here stays here if it fails or is cancelled, and the next download goes on with it.</summary>
    /// <param name="cancellation">Stops it.</param>
    /// <exception cref="FileTransferException">
    /// There is no such file, no answer came, the checksum is wrong, the file changes all the time, or the path cannot be written or is there
    /// already.
    /// </exception>
    /// <exception cref="OperationCanceledException"><paramref name="cancellation"/> was cancelled.</exception>
    public async Task RunAsync(CancellationToken cancellation = default)
    {
        CheckTarget();
        var (version, _) = await _files.ReadAsync(_name, 0, 0, cancellation);
        try
        {
            using var part = PartFile.Open(_path);
            while (await TryAsync(part, version, cancellation) is { } changed)
            {
                if (++_restarts > MaxRestarts)
                    throw new FileTransferException($"'{_name}' changes all the time: it was begun {_restarts} times.");
                version = changed;
            }

            part.MoveTo(_path, _options.Overwrite);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new FileTransferException($"{_path} cannot be written: {fault.Message}", fault);
        }
    }

    /// <summary>One try.</summary>
    /// <returns>Null if the whole file is here and right; else what to try again with.</returns>
    private async Task<RemoteVersion?> TryAsync(PartFile part, RemoteVersion version, CancellationToken cancellation)
    {
        _verifying = false;
        _size = version.Size;
        _resumed = _received = part.Prepare(_name, version, _fetch.Reach);
        if (await _fetch.FetchAsync(part, version, _resumed, length => Interlocked.Add(ref _received, length), cancellation) is { } changed)
            return changed;

        _verifying = true;
        var checksums = await _fetch.ChecksumsAsync(part, cancellation);
        if (checksums.Version != version)
            return checksums.Version;
        if (string.Equals(checksums.Here, checksums.There, StringComparison.Ordinal))
            return null;

        part.Forget();
        return _resumed > 0 ? version : throw new FileTransferException($"'{_name}' has arrived with a wrong checksum. Try again.");
    }

    private void CheckTarget()
    {
        if (Directory.Exists(_path))
            throw new FileTransferException($"{_path} is a directory: name the file to write.");
        if (!_options.Overwrite && File.Exists(_path))
            throw new FileTransferException($"{_path} is there already.");
    }
}
