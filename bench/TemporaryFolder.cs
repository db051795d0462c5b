namespace Shortline.Bench;

/// <summary>A temporary folder. Disposing of it deletes it with its contents.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("shortline-bench-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
