using System.Buffers;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Shortline.LocalEngine;

/// <summary>
/// The types of exceptions that another process may make us create: exceptions of .NET, of Orleans and of Shortline that have a
/// constructor with a message, in assemblies that are loaded already.
/// </summary>
internal static class ExceptionTypes
{
    private const BindingFlags Instance = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <summary>What could name other types within a type's name, and assemblies to load for them.</summary>
    private static readonly SearchValues<char> Punctuation = SearchValues.Create("[],*&\\");

    private static readonly string[] Known = ["System.", "Microsoft.", "Orleans.", "Shortline."];

    /// <returns>Null if it is none of these.</returns>
    public static Type? Find(string assemblyName, string typeName)
    {
        if (typeName.AsSpan().ContainsAny(Punctuation) || !Array.Exists(Known, known => assemblyName.StartsWith(known, StringComparison.Ordinal)))
        {
            return null;
        }

        var assembly = Array.Find(
            AppDomain.CurrentDomain.GetAssemblies(),
            loaded => !loaded.IsDynamic && string.Equals(loaded.GetName().Name, assemblyName, StringComparison.Ordinal));
        var type = typeName.Length == 0 ? null : assembly?.GetType(typeName, throwOnError: false);
        return type is { IsAbstract: false, ContainsGenericParameters: false } && typeof(Exception).IsAssignableFrom(type) ? type : null;
    }

    /// <returns>Null if the type cannot be made with a message.</returns>
    public static Exception? TryCreate(Type type, string message, Exception? inner)
    {
        // With a cause first: the one text that ArgumentNullException and its like take alone is not the message.
        var constructor = type.GetConstructor(Instance, [typeof(string), typeof(Exception)]);
        var takesCause = constructor is not null && (inner is not null || type != typeof(AggregateException));
        constructor = takesCause ? constructor : type.GetConstructor(Instance, [typeof(string)]);
        try
        {
            if (constructor?.Invoke(takesCause ? [message, inner] : [message]) is not Exception exception)
            {
                return null;
            }

            if (exception is not AggregateException && !string.Equals(exception.Message, message, StringComparison.Ordinal))
            {
                // The constructor made another message of it.
                MessageOf(exception) = message;
            }

            return exception;
        }
        catch (TargetInvocationException)
        {
            return null;
        }
    }

    /// <summary>Serializers of old rely on the name, so it stays.</summary>
    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_message")]
    private static extern ref string? MessageOf(Exception exception);
}
