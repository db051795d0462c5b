namespace Shortline.Bench;

/// <summary>A folder that goes with what is in it.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    internal string Path { get; } = Directory.CreateTempSubdirectory("shortline-bench-").FullName;

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
