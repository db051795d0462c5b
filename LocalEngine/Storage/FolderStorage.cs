using System.Security.Cryptography;
using System.Text;
using Orleans.Runtime;

namespace Shortline.LocalEngine;

/// <summary>In the folder of a cluster whose silos are processes, a file for each state. The first silo of a cluster finds it empty.</summary>
internal sealed class FolderStorage(string path) : IStateStore
{
    public byte[]? Read(string storage, GrainId grain, string state)
    {
        try
        {
            return File.ReadAllBytes(FileOf(storage, grain, state));
        }
        catch (FileNotFoundException)
        {
            return null;
        }
        catch (DirectoryNotFoundException)
        {
            return null;
        }
    }

    public void Write(string storage, GrainId grain, string state, byte[] content)
    {
        Directory.CreateDirectory(path);
        var file = FileOf(storage, grain, state);
        var fresh = $"{file}.{Guid.NewGuid():N}.new";
        File.WriteAllBytes(fresh, content);
        File.Move(fresh, file, overwrite: true);
    }

    public void Clear(string storage, GrainId grain, string state)
    {
        if (Directory.Exists(path))
        {
            File.Delete(FileOf(storage, grain, state));
        }
    }

    /// <summary>Forgets everything: there is a new cluster of the old name.</summary>
    public void Clear()
    {
        if (Directory.Exists(path))
        {
            Directory.Delete(path, recursive: true);
        }
    }

    /// <summary>Keys may have any length and any character, file names not.</summary>
    private string FileOf(string storage, GrainId grain, string state) =>
        Path.Combine(path, Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{storage}\n{grain}\n{state}"))));
}
