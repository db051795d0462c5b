namespace Shortline.Client.Files;

/// <summary>
/// Downloads one file in constant memory to <c>PATH.part</c>, and renames that when the checksum matches. Over UDP the file comes in
/// chunks, several at once. Over TCP it comes as a stream from a server's own port, and from another server if that one ends. A download
/// that was stopped or killed leaves <c>PATH.part</c> and <c>PATH.part.json</c>; the next download resumes if size and time of the file are
/// unchanged. If the file changes meanwhile, the download starts again, a few times at most.
/// </summary>
/// <remarks>An instance serves one download. Any thread may read <see cref="Progress"/> at any time.</remarks>
public sealed class FileDownload
{
    /// <summary>How often a file may change while it is downloaded.</summary>
    private const int MaxRestarts = 5;

    private readonly RemoteFiles _files;
    private readonly IFileFetch _fetch;
    private readonly string _name;
    private readonly string _path;
    private readonly FileDownloadOptions _options;

    // Written by the download; _received also by the fetch.
    private long _size;
    private long _received;
    private long _resumed;
    private int _restarts;
    private volatile bool _verifying;

    /// <summary>Creates a download, which <see cref="RunAsync"/> starts.</summary>
    /// <param name="files">The source.</param>
    /// <param name="name">The file's name within <c>server.file_root</c>, such as <c>notes/today.txt</c>.</param>
    /// <param name="path">The path to write.</param>
    /// <param name="options">The options; the defaults if null.</param>
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

    /// <summary>The progress so far.</summary>
    public FileDownloadProgress Progress =>
        new(Volatile.Read(ref _size), Volatile.Read(ref _received), Volatile.Read(ref _resumed), Volatile.Read(ref _restarts), _verifying);

    /// <summary>Called with the number of bytes received, after each block. Lets a test hold the download at an offset.</summary>
    internal Action<long>? Receiving { get; init; }

    /// <summary>Downloads the file. If it fails or is cancelled, the received bytes stay and the next download resumes with them.</summary>
    /// <param name="cancellation">Stops the download.</param>
    /// <exception cref="FileTransferException">
    /// The file does not exist, no response came, the checksum does not match, the file keeps changing, or the path cannot be written or
    /// exists already.
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

    /// <summary>Makes one attempt.</summary>
    /// <returns>Null if the file is complete and its checksum matches; else the version for the next attempt.</returns>
    private async Task<RemoteVersion?> TryAsync(PartFile part, RemoteVersion version, CancellationToken cancellation)
    {
        _verifying = false;
        _size = version.Size;
        _resumed = _received = part.Prepare(_name, version, _fetch.Reach);
        if (await _fetch.FetchAsync(part, version, _resumed, OnReceived, cancellation) is { } changed)
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

    private void OnReceived(int length)
    {
        var received = Interlocked.Add(ref _received, length);
        Receiving?.Invoke(received);
    }

    private void CheckTarget()
    {
        if (Directory.Exists(_path))
            throw new FileTransferException($"{_path} is a directory: name the file to write.");
        if (!_options.Overwrite && File.Exists(_path))
            throw new FileTransferException($"{_path} is there already.");
    }
}

/// <summary>The progress of a <see cref="FileDownload"/>.</summary>
/// <param name="Size">The size of the file in bytes; 0 until it is known.</param>
/// <param name="Received">The bytes received, those of an earlier download included.</param>
/// <param name="Resumed">The bytes that an earlier download had received.</param>
/// <param name="Restarts">
/// How often the download started again, because the file had changed or the bytes of an earlier download were damaged.
/// </param>
/// <param name="Verifying">Whether all bytes are received and the checksums are being compared.</param>
public readonly record struct FileDownloadProgress(long Size, long Received, long Resumed, int Restarts, bool Verifying);
